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
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.trialCard

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
        {texts.approvedBy(startedBy, day(startedAt))}
        {rolledBackAt !== null && texts.rolledBack(rolledBackBy ?? 'somebody', day(rolledBackAt))}
        {rolledBackAt === null && endedAt !== null && texts.endedChangesStay(day(endedAt))}
      </p>
      {effect.readyAt === null ? (
        <p>{rolledBackAt === null ? texts.noPageShows : texts.itEndedBefore}</p>
      ) : effect.searchVisits === null ? (
        <p>{texts.itsEffectIsShown(day(effect.readyAt))}</p>
      ) : (
        <dl class="effects">
          <EffectOn name={texts.searchVisits} effect={effect.searchVisits} />
          <EffectOn name={texts.engagedTime} effect={effect.engagedTime} />
        </dl>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{texts.itsPages}</summary>
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
            {texts.rollBack}
          </button>
          {endedAt === null && (
            <button type="button" class="quiet" disabled={isBusy} onClick={end}>
              {texts.endAndKeepChanges}
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
      <dd>{effect === null ? texts.notMeasured : effectText(effect)}</dd>
    </div>
  )
}

function effectText({ effect, low, high, changedPages, waitingPages }: MeasuredEffectFragment): string {
  const pages = texts.changedAndWaitingPages(changedPages, waitingPages)
  if (effect === null || low === null || high === null) return texts.notEnoughPages(pages)
  return texts.intervalTo(signed(effect), signed(low), signed(high), pages)
}

function signed(ratio: number): string {
  const percent = Math.round(100 * ratio)
  return `${percent > 0 ? '+' : ''}${percent} %`
}
