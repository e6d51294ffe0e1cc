import { useId } from 'preact/hooks'
import { IncidentAcknowledgeDocument, type SiteAlertsQuery } from '../../generated/graphql.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { entryLabels, momentText, severityLabels, symptomLabels } from './labels.ts'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.incidents

/** An incident as the page shows it. */
type ShownIncident = NonNullable<SiteAlertsQuery['site']>['incidents']['edges'][number]['node']

interface IncidentsProps {
  readonly title: string
  /** What to say if there is none. */
  readonly none: string
  readonly note?: string | undefined
  readonly incidents: readonly ShownIncident[]
  readonly timeZone: string
  /** Whether the person may acknowledge them. */
  readonly mayAcknowledge: boolean
  readonly onChange: () => void
}

/** A list of incidents, each with its history. */
export function Incidents({ title, none, note, incidents, ...shared }: IncidentsProps) {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {incidents.length === 0 ? (
        <p class="hint">{none}</p>
      ) : (
        <ul class="incidents">
          {incidents.map((incident) => (
            <li key={incident.incidentId}>
              <IncidentItem incident={incident} {...shared} />
            </li>
          ))}
        </ul>
      )}
      {note !== undefined && <p class="hint">{note}</p>}
    </section>
  )
}

interface IncidentItemProps extends Pick<IncidentsProps, 'timeZone' | 'mayAcknowledge' | 'onChange'> {
  readonly incident: ShownIncident
}

function IncidentItem({ incident, timeZone, mayAcknowledge, onChange }: IncidentItemProps) {
  const { symptom, severity, summary, since, resolvedAt, acknowledgedBy, entries } = incident
  const at = (time: string) => momentText(time, timeZone)
  return (
    <article class="incident">
      <h3>
        <span class={severity === 'PAGE' ? 'severity bad' : 'severity'}>{severityLabels[severity]}</span>{' '}
        {symptomLabels[symptom]}
      </h3>
      <p>{summary}</p>
      <p class="hint">
        {resolvedAt === null ? texts.since(at(since)) : texts.to(at(since), at(resolvedAt))}{' '}
        {acknowledgedBy !== null && texts.dealsWith(acknowledgedBy)}
      </p>
      {resolvedAt === null && acknowledgedBy === null && (
        <Acknowledge incident={incident} mayAcknowledge={mayAcknowledge} onChange={onChange} />
      )}
      <details>
        <summary>{texts.whatHappened}</summary>
        <ol class="history">
          {entries.map(({ type, at: time, text }) => (
            <li key={`${type} ${time}`}>
              <strong>{entryLabels[type]}</strong>, {at(time)}: {text}
            </li>
          ))}
        </ol>
      </details>
    </article>
  )
}

function Acknowledge({
  incident: { incidentId, symptom },
  mayAcknowledge,
  onChange,
}: Omit<IncidentItemProps, 'timeZone'>) {
  const reason = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async () => {
    await send(IncidentAcknowledgeDocument, { input: { incidentId } })
    onChange()
  })
  return (
    <form onSubmit={submit}>
      <button
        type="submit"
        disabled={isBusy || !mayAcknowledge}
        aria-label={texts.acknowledgeNamed(symptomLabels[symptom])}
        {...(!mayAcknowledge && { 'aria-describedby': reason })}
      >
        {texts.acknowledge}
      </button>
      {!mayAcknowledge && (
        <p class="hint" id={reason}>
          {texts.editorsAndOwners}
        </p>
      )}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}
