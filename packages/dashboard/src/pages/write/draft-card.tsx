import { useId, useState } from 'preact/hooks'
import {
  DraftApproveDocument,
  DraftCancelDocument,
  DraftRequestDocument,
  type DraftSummaryFragment,
  DraftSendAgainDocument,
  type DraftStatus,
} from '../../generated/graphql.ts'
import { countryName, format, formatTime, languageName } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { DraftProgress } from './draft-progress.tsx'
import { DraftText } from './draft-text.tsx'
import { type DraftProgress as Progress, isPending } from './use-draft-progress.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.draftCard

interface DraftCardProps extends Pick<SitePageProps, 'site'> {
  readonly draft: DraftSummaryFragment
  /** How far it is, from a stream; null without one. */
  readonly progress: Progress | null
  readonly onChanged: () => void
}

const states: Readonly<Record<DraftStatus, string>> = {
  QUEUED: texts.waitsForModel,
  WRITING: texts.isBeingWritten,
  REFUSED: texts.refusedByGates,
  PASSED: texts.passedGatesAndWaits,
  APPROVED: texts.approvedAnd,
  IN_CMS: texts.draftInWordpress,
  CONFLICT: texts.editedInWordpressMeanwhile,
  FAILED: texts.failed,
  CANCELLED: texts.cancelled,
}

/** One draft: its state, what the gates refuse, its text on request, and what a person may do with it. */
export function DraftCard({ draft, progress, site: { timeZone, mayWrite }, onChanged }: DraftCardProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { brief, content, approvedBy } = draft
  // The end of a draft is in the list, which is loaded again then.
  const live = progress !== null && isPending(progress) && isPending(draft) ? progress : null
  const { status, refusals, problem } = live ?? draft
  const name = content?.title ?? brief?.question ?? texts.draft
  const made = formatTime(Date.parse(draft.createdAt), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const place = draft.region === null ? '' : `, ${placeName(draft.region)}`
  const state = live !== null && live.gates > 0 ? texts.isBeingChecked : states[status]
  return (
    <li class="finding panel" aria-labelledby={id}>
      <h3 id={id} dir="auto">
        {name}
      </h3>
      <p class="hint">
        {texts.requested(state, made, languageName(draft.language), place)}
        {approvedBy !== null && texts.approvedBy(approvedBy)}
      </p>
      {status === 'WRITING' && live !== null && <DraftProgress name={name} progress={live} />}
      {status === 'WRITING' && live === null && (
        <p>{texts.sectionsCharactersSoFar(draft.writtenSections, format.count(draft.writtenCharacters))}</p>
      )}
      {problem !== null && <p class="bad">{problem}</p>}
      {refusals.length > 0 && <Refusals refusals={refusals} />}
      {content !== null && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{texts.textClaimByClaim}</summary>
          {isOpen && <DraftText id={draft.id} />}
        </details>
      )}
      {mayWrite && <Actions draft={draft} onChanged={onChanged} />}
    </li>
  )
}

/** Returns a region's name. A subdivision has the name of its country and its code. */
function placeName(region: string): string {
  const [country = ''] = region.split('-')
  return country === region ? countryName(region) : `${countryName(country)} (${region})`
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
      {more > 0 && <li>{texts.andMoreAtTheir(more)}</li>}
    </ul>
  )
}

interface Action {
  readonly label: string
  readonly act: () => Promise<unknown>
}

function Actions({ draft, onChanged }: Pick<DraftCardProps, 'draft' | 'onChanged'>) {
  const { id, status, approvedBy, brief, language } = draft
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const variables = { input: { draftId: id } }
  // A draft that nobody approved ended at its model or at the gates, and is written anew from its brief.
  const again: Partial<Record<DraftStatus, Action>> = {}
  if (brief !== null && approvedBy === null) {
    const request = { input: { briefId: brief.id, language } }
    const action = { label: texts.writeItAgain, act: () => send(DraftRequestDocument, request) }
    for (const ended of ['REFUSED', 'FAILED', 'CANCELLED'] as const) again[ended] = action
  }
  const actions: Readonly<Partial<Record<DraftStatus, Action>>> = {
    QUEUED: { label: texts.cancel, act: () => send(DraftCancelDocument, variables) },
    WRITING: { label: texts.cancel, act: () => send(DraftCancelDocument, variables) },
    PASSED: { label: texts.approveForWordpress, act: () => send(DraftApproveDocument, variables) },
    CONFLICT: { label: texts.sendAgain, act: () => send(DraftSendAgainDocument, variables) },
    ...again,
    ...(approvedBy !== null && {
      FAILED: { label: texts.sendAgain, act: () => send(DraftSendAgainDocument, variables) },
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
        <button type="button" disabled={isBusy} onClick={() => act(action)}>
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
