import { useId } from 'preact/hooks'
import { type ModerationAction, ModerationDecideDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { moderationMessages } from '../../messages/moderation-messages.ts'

const texts = moderationMessages.decisionForm

interface DecisionFormProps {
  readonly submissionId: string
  readonly title: string
  readonly isHidden: boolean
  readonly onChange: () => void
}

/** Decides about a case, with a reason that those concerned read. */
export function DecisionForm({ submissionId, title, isHidden, onChange }: DecisionFormProps) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field, form) => {
    const action: ModerationAction = field('action') === 'HIDE' ? 'HIDE' : 'RESTORE'
    await send(ModerationDecideDocument, { input: { submissionId, action, text: field('reason') } })
    form.reset()
    onChange()
  })
  return (
    <form class="fields" aria-label={texts.decideAbout(title)} onSubmit={submit}>
      <fieldset class="choices">
        <legend>{texts.decision}</legend>
        <label>
          <input type="radio" name="action" value="HIDE" required />
          {isHidden ? texts.leaveItHidden : texts.hideIt}
        </label>
        <label>
          <input type="radio" name="action" value="RESTORE" required />
          {isHidden ? texts.showItAgain : texts.leaveItInFeed}
        </label>
      </fieldset>
      <div class="field">
        <label for={id}>{texts.reason}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.siteThatSharedPost}
        </p>
        <textarea id={id} name="reason" rows={3} maxLength={2000} required aria-describedby={`${id}-hint`} />
      </div>
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
