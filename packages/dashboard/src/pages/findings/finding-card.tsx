import { useId, useState } from 'preact/hooks'
import { FindingDismissDocument, type FindingFragment } from '../../generated/graphql.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { format } from '../../report/page-format.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { findingsMessages } from '../../messages/findings-messages.ts'

const texts = findingsMessages.findingCard

interface FindingCardProps {
  readonly finding: FindingFragment
  /** Called after it was dismissed, or shown again. */
  readonly onChange: () => void
}

/** One finding: what was found, why, and what to do. */
export function FindingCard({ finding, onChange }: FindingCardProps) {
  const id = useId()
  const { title, sentence, action, link, samples, minSamples, reasons, dismissedAt } = finding
  const href = linkOf(link)
  // The sentence has the most likely reason already.
  const further = reasons.slice(1)
  return (
    <li class="finding panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p>{sentence}</p>
      {further.length > 0 && (
        <ul>
          {further.map(({ kind, sentence: why }) => (
            <li key={kind}>{texts.also(why)}</li>
          ))}
        </ul>
      )}
      <p>
        <strong>{texts.whatToDo}</strong> {action}
      </p>
      <p class="hint">{texts.fromViewsRuleNeeds(format.count(samples), format.count(minSamples))}</p>
      <div class="save">
        {href !== null && <a href={href}>{texts.lookAt}</a>}
        <Dismissal id={finding.id} isDismissed={dismissedAt !== null} onChange={onChange} />
      </div>
    </li>
  )
}

interface DismissalProps {
  readonly id: string
  readonly isDismissed: boolean
  readonly onChange: () => void
}

function Dismissal({ id, isDismissed, onChange }: DismissalProps) {
  const send = useSendToGraph()
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const press = () => {
    setBusy(true)
    setProblem(null)
    send(FindingDismissDocument, { input: { findingId: id, dismissed: !isDismissed } })
      .then(onChange)
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <button type="button" class="quiet" disabled={isBusy} onClick={press}>
        {isDismissed ? texts.showAgain : texts.dismiss}
      </button>
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}

/** Returns the address of a finding's link: a path of the dashboard, or a page of the site; null for any other text. */
function linkOf(link: string): string | null {
  if (link.startsWith('/sites/')) return hrefOf(link)
  return /^https?:\/\//.test(link) && URL.canParse(link) ? link : null
}
