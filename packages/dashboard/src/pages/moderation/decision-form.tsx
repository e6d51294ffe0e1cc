import { useId } from 'preact/hooks'
import { type ModerationAction, ModerationDecideDocument } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

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
    <form class="fields" aria-label={`Decide about ${title}`} onSubmit={submit}>
      <fieldset class="choices">
        <legend>Decision</legend>
        <label>
          <input type="radio" name="action" value="HIDE" required />
          {isHidden ? 'Leave it hidden' : 'Hide it'}
        </label>
        <label>
          <input type="radio" name="action" value="RESTORE" required />
          {isHidden ? 'Show it again' : 'Leave it in the feed, and dismiss the reports'}
        </label>
      </fieldset>
      <div class="field">
        <label for={id}>Reason</label>
        <p class="hint" id={`${id}-hint`}>
          The site that shared the post and those that reported it read this.
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
          Decide
        </button>
      </div>
    </form>
  )
}
