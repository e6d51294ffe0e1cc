import { useId, useState } from 'preact/hooks'
import {
  DraftApproveDocument,
  DraftCancelDocument,
  DraftRequestDocument,
  type DraftSummaryFragment,
  DraftSendAgainDocument,
  type DraftStatus,
} from '../../generated/graphql.ts'
import { format, formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { DraftText } from './draft-text.tsx'

interface DraftCardProps extends Pick<SitePageProps, 'site'> {
  readonly draft: DraftSummaryFragment
  readonly onChanged: () => void
}

const states: Readonly<Record<DraftStatus, string>> = {
  QUEUED: 'Waits for the model',
  WRITING: 'Is being written',
  REFUSED: 'Refused by the gates',
  PASSED: 'Passed the gates, and waits for a person',
  APPROVED: 'Approved, and on its way into WordPress',
  IN_CMS: 'A draft in WordPress',
  CONFLICT: 'Edited in WordPress meanwhile: nothing was overwritten',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
}

/** One draft: its state, what the gates refuse, its text on request, and what a person may do with it. */
export function DraftCard({ draft, site: { timeZone, mayWrite }, onChanged }: DraftCardProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { status, brief, content, refusals, problem, approvedBy } = draft
  const made = formatTime(Date.parse(draft.createdAt), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const place = draft.region === null ? '' : `, ${draft.region}`
  return (
    <li class="finding panel" aria-labelledby={id}>
      <h3 id={id} dir="auto">
        {content?.title ?? brief?.question ?? 'A draft'}
      </h3>
      <p class="hint">
        {states[status]}. Requested {made}. {draft.language}
        {place}.{approvedBy !== null && ` Approved by ${approvedBy}.`}
      </p>
      {status === 'WRITING' && (
        <p role="status">
          {draft.writtenSections} sections, {format.count(draft.writtenCharacters)} characters so far.
        </p>
      )}
      {problem !== null && <p class="bad">{problem}</p>}
      {refusals.length > 0 && <Refusals refusals={refusals} />}
      {content !== null && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>The text, claim by claim</summary>
          {isOpen && <DraftText id={draft.id} />}
        </details>
      )}
      {mayWrite && <Actions draft={draft} onChanged={onChanged} />}
    </li>
  )
}

/** Refusals that are listed; the text shows all of them at their claims. */
const shownRefusals = 5

function Refusals({ refusals }: Pick<DraftSummaryFragment, 'refusals'>) {
  const more = refusals.length - shownRefusals
  return (
    <ul>
      {refusals.slice(0, shownRefusals).map(({ section, claim, code, reason }) => (
        <li key={`${section} ${claim} ${code} ${reason}`} dir="auto">
          {reason}
        </li>
      ))}
      {more > 0 && <li>And {more} more, at their claims in the text.</li>}
    </ul>
  )
}

interface Action {
  readonly label: string
  readonly act: () => Promise<unknown>
}

function Actions({ draft, onChanged }: Omit<DraftCardProps, 'site'>) {
  const { id, status, approvedBy, brief, language } = draft
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const variables = { input: { draftId: id } }
  // A draft that nobody approved ended at its model or at the gates, and is written anew from its brief.
  const again: Partial<Record<DraftStatus, Action>> = {}
  if (brief !== null && approvedBy === null) {
    const request = { input: { briefId: brief.id, language } }
    const action = { label: 'Write it again', act: () => send(DraftRequestDocument, request) }
    for (const ended of ['REFUSED', 'FAILED', 'CANCELLED'] as const) again[ended] = action
  }
  const actions: Readonly<Partial<Record<DraftStatus, Action>>> = {
    QUEUED: { label: 'Cancel', act: () => send(DraftCancelDocument, variables) },
    WRITING: { label: 'Cancel', act: () => send(DraftCancelDocument, variables) },
    PASSED: { label: 'Approve for WordPress', act: () => send(DraftApproveDocument, variables) },
    CONFLICT: { label: 'Send again', act: () => send(DraftSendAgainDocument, variables) },
    ...again,
    ...(approvedBy !== null && {
      FAILED: { label: 'Send again', act: () => send(DraftSendAgainDocument, variables) },
    }),
  }
  const action = actions[status]
  // What went wrong stays, also if another person's change leaves nothing to do.
  if (action === undefined && problem === null) return null
  const act = (chosen: Action) =>
    make(async () => {
      try {
        await chosen.act()
      } finally {
        onChanged()
      }
    })
  return (
    <div class="save">
      {action !== undefined && (
        <button
          type="button"
          class={status === 'PASSED' ? undefined : 'quiet'}
          disabled={isBusy}
          onClick={() => act(action)}
        >
          {action.label}
        </button>
      )}
      {problem !== null && (
        <span class="bad" role="alert">
          {problem}
        </span>
      )}
    </div>
  )
}
