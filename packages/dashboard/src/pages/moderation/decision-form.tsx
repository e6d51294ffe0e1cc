import { useId } from 'preact/hooks'
import { moderationMessages } from '../../messages/moderation-messages.ts'
import { useSubmit } from '../../session/use-submit.ts'

const texts = moderationMessages.decisionForm

interface DecisionFormProps<Action extends string> {
  /** The title of the post, or the host of the member site. */
  readonly about: string
  /** What can be decided, with its words. */
  readonly choices: readonly (readonly [action: Action, words: string])[]
  /** The sentence below the label of the reason: it names the people who will read that. */
  readonly hint: string
  readonly decide: (action: Action, reason: string) => Promise<void>
}

/** Decides about a case, with a reason that those concerned read. */
export function DecisionForm<Action extends string>({
  about,
  choices,
  hint,
  decide,
}: DecisionFormProps<Action>) {
  const { submit, problem, isBusy } = useSubmit(async (field, form) => {
    const chosen = choices.find(([action]) => action === field('action'))
    if (chosen === undefined) return
    await decide(chosen[0], field('reason'))
    form.reset()
  })
  return (
    <form class="fields" aria-label={texts.decideAbout(about)} onSubmit={submit}>
      <fieldset class="choices">
        <legend>{texts.decision}</legend>
        {choices.map(([action, words]) => (
          <label key={action}>
            <input type="radio" name="action" value={action} required />
            {words}
          </label>
        ))}
      </fieldset>
      <ReasonField hint={hint} />
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.decide}
        </button>
      </div>
    </form>
  )
}

/** The field of a decision's reason. */
export function ReasonField({ hint }: Pick<DecisionFormProps<string>, 'hint'>) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{texts.reason}</label>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <textarea id={id} name="reason" rows={3} maxLength={2000} required aria-describedby={`${id}-hint`} />
    </div>
  )
}
