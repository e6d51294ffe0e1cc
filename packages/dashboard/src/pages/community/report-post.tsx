import { useId, useState } from 'preact/hooks'
import { PostReportDocument, type ReportReason } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { reasonLabels } from '../moderation/labels.ts'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.reportPost

interface ReportPostProps {
  readonly siteId: string
  readonly submissionId: string
  readonly title: string
  readonly onChange: () => void
}

/** Reports a post of another site to the operator. */
export function ReportPost({ siteId, submissionId, title, onChange }: ReportPostProps) {
  const id = useId()
  const send = useSendToGraph()
  const [isDone, setDone] = useState(false)
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    const reason = reasonLabels.find(({ value }) => value === field('reason'))?.value ?? fallback
    await send(PostReportDocument, {
      input: { siteId, reportedId: submissionId, reason, text: field('text') },
    })
    setDone(true)
    onChange()
  })
  if (isDone) return <p role="status">{texts.reportedOperatorOfServer}</p>
  return (
    <details>
      <summary>
        {texts.report}
        <span class="visually-hidden"> {title}</span>
      </summary>
      <form class="fields" onSubmit={submit}>
        <div class="field">
          <label for={`${id}-reason`}>{texts.whatIsWrong}</label>
          <select id={`${id}-reason`} name="reason">
            {reasonLabels.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`${id}-text`}>{texts.detailsForOperatorAlone}</label>
          <textarea id={`${id}-text`} name="text" rows={2} maxLength={2000} />
        </div>
        {problem !== null && (
          <p class="bad" role="alert">
            {problem}
          </p>
        )}
        <div class="save">
          <button type="submit" disabled={isBusy}>
            {texts.sendReport}
          </button>
        </div>
      </form>
    </details>
  )
}

const fallback: ReportReason = 'OTHER'
