import { graphqlClient } from '@peerpress/cli'
import type { ServerProcess } from './server-process.ts'

/** A site as the operator has just added it. */
export interface AddedSite {
  readonly siteId: string
  readonly publicKey: string
  readonly webhookSecret: string
}

/** Adds a site on loopback to a running server, over GraphQL as its operator. */
export async function addSite(server: ServerProcess, url: string): Promise<AddedSite> {
  const client = graphqlClient(server.url, await server.token())
  const { siteAdd } = await client.query<{
    siteAdd: { site: Omit<AddedSite, 'webhookSecret'>; webhookSecret: string }
  }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId publicKey } webhookSecret } }',
    { input: { url, consent: 'ASSUMED', allowPrivateAddresses: true } },
  )
  return { ...siteAdd.site, webhookSecret: siteAdd.webhookSecret }
}
