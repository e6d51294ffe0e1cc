import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import {
  type ReportCadence,
  ReportScheduleAddDocument,
  ReportScheduleRemoveDocument,
  ReportSchedulesDocument,
  type ReportSchedulesQuery,
} from '../../generated/graphql.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { useChange } from '../../session/use-change.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'

/** Interval between two loads, ms. */
const schedulesEvery = 300_000

type Site = NonNullable<ReportSchedulesQuery['site']>
type Schedule = Site['reportSchedules'][number]

const cadenceLabels: Readonly<Record<ReportCadence, string>> = {
  WEEKLY: 'Each week, after Sunday',
  MONTHLY: 'Each month, after its last day',
}

/** The reports that are sent to channels of the site. */
export function ReportSchedules({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const { data, error, reload } = useGraph(ReportSchedulesDocument, { siteId }, schedulesEvery)
  const site = data?.site ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>Reports by e-mail and webhook</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {site !== null && (
        <>
          <p class="hint">
            Figures with their change, and what deserves attention. Each e-mail has a link that unsubscribes.
          </p>
          {site.reportSchedules.length > 0 && (
            <ul class="channels">
              {site.reportSchedules.map((schedule) => (
                <li key={schedule.scheduleId}>
                  <ScheduleItem schedule={schedule} onChange={reload} />
                </li>
              ))}
            </ul>
          )}
          {site.channels.length === 0 ? (
            <p>
              Add an address <a href={hrefOf(`/sites/${siteId}/alerts`)}>on the page Alerts</a> first.
            </p>
          ) : (
            <ScheduleForm siteId={siteId} channels={site.channels} onAdded={reload} />
          )}
        </>
      )}
    </section>
  )
}

interface ScheduleItemProps {
  readonly schedule: Schedule
  readonly onChange: () => void
}

function ScheduleItem({ schedule: { scheduleId, cadence, channels }, onChange }: ScheduleItemProps) {
  const send = useSendToGraph()
  const { make, problem, isBusy } = useChange()
  const remove = () =>
    make(async () => {
      await send(ReportScheduleRemoveDocument, { input: { scheduleId } })
      onChange()
    })
  const receivers = channels.map(({ target, unsubscribedAt }) =>
    unsubscribedAt === null ? target : `${target} (unsubscribed)`,
  )
  return (
    <div class="channel">
      <p>
        <strong>{cadenceLabels[cadence]}</strong>
      </p>
      <p class="hint target">{receivers.length === 0 ? 'Nobody gets it any more.' : receivers.join(', ')}</p>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="channel-actions">
        <button
          type="button"
          class="quiet"
          disabled={isBusy}
          aria-label={`Remove the report: ${cadenceLabels[cadence]}`}
          onClick={remove}
        >
          Remove
        </button>
      </div>
    </div>
  )
}

interface ScheduleFormProps {
  readonly siteId: string
  readonly channels: Site['channels']
  readonly onAdded: () => void
}

function ScheduleForm({ siteId, channels, onAdded }: ScheduleFormProps) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field, form) => {
    const channelIds = [...form.all('channel')]
    if (channelIds.length === 0) throw new Error('Choose who gets the report.')
    const cadence = field('cadence') === 'MONTHLY' ? 'MONTHLY' : 'WEEKLY'
    await send(ReportScheduleAddDocument, { input: { siteId, cadence, channelIds } })
    form.reset()
    onAdded()
  })
  return (
    <form class="fields" onSubmit={submit} aria-label="Add a report">
      <div class="field">
        <label for={id}>How often</label>
        <select id={id} name="cadence">
          {(['WEEKLY', 'MONTHLY'] as const).map((cadence) => (
            <option key={cadence} value={cadence}>
              {cadenceLabels[cadence]}
            </option>
          ))}
        </select>
      </div>
      <fieldset class="choices">
        <legend>Who gets it</legend>
        {channels.map(({ channelId, target }) => (
          <label key={channelId}>
            <input type="checkbox" name="channel" value={channelId} />
            <span class="target">{target}</span>
          </label>
        ))}
      </fieldset>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          Send it from now on
        </button>
      </div>
    </form>
  )
}
