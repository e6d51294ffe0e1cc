import { useState } from 'preact/hooks'
import { OwnersOnly } from '../../components/owners-only.tsx'
import { Failure } from '../../components/failure.tsx'
import { SiteConnectorsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { AddConnector, type NewWebhook } from './add-connector.tsx'
import { ConnectorPanel } from './connector-panel.tsx'
import { WebhookSecret } from './webhook-secret.tsx'
import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.connectors

/** Interval between two loads, ms. A poll takes seconds. */
const connectorsEvery = 15_000

/** The feeds, sitemaps and webhooks that name the site's posts, for its owners. */
export function Connectors({ site }: SitePageProps) {
  return site.mayConfigure ? (
    <ConnectorList site={site} />
  ) : (
    <section class="panel settings-note">
      <OwnersOnly what={texts.howItsPosts} />
    </section>
  )
}

function ConnectorList({ site }: Pick<SitePageProps, 'site'>) {
  const { siteId, timeZone } = site
  const { data, error, reload } = useGraph(SiteConnectorsDocument, { siteId }, connectorsEvery)
  const [webhook, setWebhook] = useState<NewWebhook | null>(null)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { connectors } = data.site
  const onAdded = (added: NewWebhook | null) => {
    setWebhook(added)
    reload()
  }
  return (
    <div class="report">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {webhook !== null && <WebhookSecret webhook={webhook} onDone={() => setWebhook(null)} />}
      {connectors.length === 0 && <p class="notice">{texts.wordpressWithPluginNeeds}</p>}
      {connectors.map((connector) => (
        <ConnectorPanel
          key={connector.connectorId}
          siteId={siteId}
          timeZone={timeZone}
          connector={connector}
          onChange={onAdded}
        />
      ))}
      <AddConnector siteId={siteId} siteUrl={site.url} onAdded={onAdded} />
    </div>
  )
}
