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
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.reportSchedules

/** Interval between two loads, ms. */
const schedulesEvery = 300_000

type Site = NonNullable<ReportSchedulesQuery['site']>
type Schedule = Site['reportSchedules'][number]

const cadenceLabels: Readonly<Record<ReportCadence, string>> = {
  WEEKLY: texts.eachWeekAfterSunday,
  MONTHLY: texts.eachMonthAfter,
}

/** The reports that are sent to channels of the site. */
export function ReportSchedules({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const { data, error, reload } = useGraph(ReportSchedulesDocument, { siteId }, schedulesEvery)
  const site = data?.site ?? null
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.reportsByEMail}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {site !== null && (
        <>
          <p class="hint">{texts.figuresWithTheirChange}</p>
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
              {texts.addAddress} <a href={hrefOf(`/sites/${siteId}/alerts`)}>{texts.onPageAlerts}</a>{' '}
              {texts.first}
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
    unsubscribedAt === null ? target : texts.unsubscribed(target),
  )
  return (
    <div class="channel">
      <p>
        <strong>{cadenceLabels[cadence]}</strong>
      </p>
      <p class="hint target">{receivers.length === 0 ? texts.nobodyGetsItAny : receivers.join(', ')}</p>
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
          aria-label={texts.removeReport(cadenceLabels[cadence])}
          onClick={remove}
        >
          {texts.remove}
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
    if (channelIds.length === 0) throw new Error(texts.chooseWhoGetsReport)
    const cadence = field('cadence') === 'MONTHLY' ? 'MONTHLY' : 'WEEKLY'
    await send(ReportScheduleAddDocument, { input: { siteId, cadence, channelIds } })
    form.reset()
    onAdded()
  })
  return (
    <form class="fields" onSubmit={submit} aria-label={texts.addReport}>
      <div class="field">
        <label for={id}>{texts.howOften}</label>
        <select id={id} name="cadence">
          {(['WEEKLY', 'MONTHLY'] as const).map((cadence) => (
            <option key={cadence} value={cadence}>
              {cadenceLabels[cadence]}
            </option>
          ))}
        </select>
      </div>
      <fieldset class="choices">
        <legend>{texts.whoGets}</legend>
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
          {texts.sendItFromNow}
        </button>
      </div>
    </form>
  )
}
