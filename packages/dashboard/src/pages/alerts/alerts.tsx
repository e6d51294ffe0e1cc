import { Failure } from '../../components/failure.tsx'
import { SiteAlertsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { Channels } from './channels.tsx'
import { Incidents } from './incidents.tsx'
import { ObjectivePanel } from './objective-panel.tsx'
import { Probes } from './probes.tsx'
import { alertsMessages } from '../../messages/alerts-messages.ts'

const texts = alertsMessages.alerts

/** Interval between two loads, ms: sites are judged each minute. */
const alertsEvery = 30_000

/** The site's open incidents, its probes, its objectives, the channels that are notified, and the incidents of the past. */
export function Alerts({ site: { siteId, mayConfigure } }: SitePageProps) {
  const { data, error, reload } = useGraph(SiteAlertsDocument, { siteId }, alertsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { objectives, incidents, probes, timeZone, mayAcknowledge } = data.site
  const all = incidents.edges.map(({ node }) => node)
  const open = all.filter(({ resolvedAt }) => resolvedAt === null)
  const resolved = all.filter(({ resolvedAt }) => resolvedAt !== null)
  return (
    <div class="alerts">
      {error !== null && <Failure error={error} onRetry={reload} />}
      <Incidents
        title={texts.openIncidents}
        none={texts.nothingIsWrong}
        incidents={open}
        timeZone={timeZone}
        mayAcknowledge={mayAcknowledge}
        onChange={reload}
      />
      <Probes probes={probes} timeZone={timeZone} />
      {objectives.map((objective) => (
        <ObjectivePanel
          key={objective.kind}
          siteId={siteId}
          objective={objective}
          mayConfigure={mayConfigure}
          onSaved={reload}
        />
      ))}
      {mayConfigure && <Channels siteId={siteId} timeZone={timeZone} />}
      <Incidents
        title={texts.history}
        none={texts.thereWasNoIncident}
        note={incidents.pageInfo.hasNextPage ? texts.theseAreLatestGraph : undefined}
        incidents={resolved}
        timeZone={timeZone}
        mayAcknowledge={mayAcknowledge}
        onChange={reload}
      />
    </div>
  )
}
