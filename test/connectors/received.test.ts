import assert from 'node:assert/strict'
import { graphqlClient } from '@peerpress/cli'
import { canonicalUrl, postIdOf } from '@peerpress/connectors'
import { describePushConnector } from '../support/connectors/push-kit.ts'
import { addSite } from '../support/server/add-site.ts'

describePushConnector({
  name: 'a webhook',
  connect: async (server, home) => {
    const { siteId } = await addSite(server, home)
    const client = graphqlClient(server.url, await server.token())
    const { connectorSet } = await client.query<{
      connectorSet: { secret: string; connector: { path: string } }
    }>('mutation($input: ConnectorSetInput!) { connectorSet(input: $input) { secret connector { path } } }', {
      input: { siteId, kind: 'WEBHOOK' },
    })
    return { siteId, path: connectorSet.connector.path, secret: connectorSet.secret }
  },
  event: (type, { url, at }) => ({ type, timestamp: at.toISOString(), data: { url } }),
  postOf: (url) => postIdOf(canonicalUrl(url) ?? assert.fail(url)),
})

describePushConnector({
  name: 'WordPress',
  connect: async (server, home) => {
    const { siteId, webhookSecret } = await addSite(server, home)
    return { siteId, path: `/v1/sites/${siteId}/events`, secret: webhookSecret }
  },
  event: (type, { url, home, at }) => ({
    type,
    timestamp: at.toISOString(),
    home_url: home,
    data: { post: wordpressId(url), url },
  }),
  postOf: wordpressId,
})

/** WordPress has an id of its own for each post. */
function wordpressId(url: string): string {
  return String(new URL(url).pathname.length)
}
