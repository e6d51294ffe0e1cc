import { useId, useState } from 'preact/hooks'
import {
  type MeasuredEffectFragment,
  PageTrialEndDocument,
  type PageTrialFragment,
  PageTrialRollBackDocument,
} from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { adviceNames } from './advice-kind.ts'
import { TrialPages } from './trial-pages.tsx'

interface TrialCardProps extends Pick<SitePageProps, 'site'> {
  readonly trial: PageTrialFragment
  readonly onChanged: () => void
}

/** One trial: who started it, its effect, and its pages on request. */
export function TrialCard({ trial, site: { timeZone, mayWrite }, onChanged }: TrialCardProps) {
  const id = useId()
  const send = useSendToGraph()
  const [isOpen, setOpen] = useState(false)
  const { make, problem, isBusy } = useChange()
  const day = (time: string) => formatTime(Date.parse(time), { dateStyle: 'medium', timeZone })
  const { trialId, kind, startedBy, startedAt, endedAt, rolledBackAt, rolledBackBy, effect } = trial
  const rollBack = () =>
    make(async () => {
      await send(PageTrialRollBackDocument, { input: { trialId } })
      onChanged()
    })
  const end = () =>
    make(async () => {
      await send(PageTrialEndDocument, { input: { trialId } })
      onChanged()
    })
  return (
    <li class="finding panel" aria-labelledby={id}>
      <h3 id={id}>{adviceNames[kind]}</h3>
      <p class="hint">
        Approved by {startedBy}, {day(startedAt)}.
        {rolledBackAt !== null && ` Rolled back by ${rolledBackBy ?? 'somebody'}, ${day(rolledBackAt)}.`}
        {rolledBackAt === null && endedAt !== null && ` Ended ${day(endedAt)}; the changes stay.`}
      </p>
      {effect.readyAt === null ? (
        <p>
          {rolledBackAt === null ? 'No page shows its change yet.' : 'It ended before its effect was known.'}
        </p>
      ) : effect.searchVisits === null ? (
        <p>Its effect is shown from {day(effect.readyAt)} on.</p>
      ) : (
        <dl class="effects">
          <EffectOn name="Search visits" effect={effect.searchVisits} />
          <EffectOn name="Engaged time" effect={effect.engagedTime} />
        </dl>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Its pages</summary>
        {isOpen && <TrialPages id={trial.id} />}
      </details>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      {mayWrite && rolledBackAt === null && (
        <div class="save">
          <button type="button" class="quiet" disabled={isBusy} onClick={rollBack}>
            Roll back
          </button>
          {endedAt === null && (
            <button type="button" class="quiet" disabled={isBusy} onClick={end}>
              End and keep the changes
            </button>
          )}
        </div>
      )}
    </li>
  )
}

function EffectOn({
  name,
  effect,
}: {
  readonly name: string
  readonly effect: MeasuredEffectFragment | null
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{effect === null ? 'Not measured.' : effectText(effect)}</dd>
    </div>
  )
}

function effectText({ effect, low, high, changedPages, waitingPages }: MeasuredEffectFragment): string {
  const pages = `${changedPages} changed and ${waitingPages} waiting pages`
  if (effect === null || low === null || high === null) return `Not enough pages: ${pages}.`
  return `${signed(effect)} (95 % interval ${signed(low)} to ${signed(high)}), ${pages}.`
}

function signed(ratio: number): string {
  const percent = Math.round(100 * ratio)
  return `${percent > 0 ? '+' : ''}${percent} %`
}
