import { useId } from 'preact/hooks'
import { communityMessages } from '../../messages/community-messages.ts'
import { useSubmit } from '../../session/use-submit.ts'

const texts = communityMessages.appealForm

interface AppealFormProps {
  /** What the owner is asked. */
  readonly question: string
  /** Sends the text. */
  readonly appeal: (text: string) => Promise<void>
}

/** The site's only appeal against a decision of the operator. */
export function AppealForm({ question, appeal }: AppealFormProps) {
  const id = useId()
  const { submit, problem, isBusy } = useSubmit((field) => appeal(field('text')))
  return (
    <form class="fields" aria-label={texts.appeal} onSubmit={submit}>
      <div class="field">
        <label for={id}>{question}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.operatorReads}
        </p>
        <textarea id={id} name="text" rows={3} maxLength={2000} required aria-describedby={`${id}-hint`} />
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.appeal}
        </button>
      </div>
    </form>
  )
}
