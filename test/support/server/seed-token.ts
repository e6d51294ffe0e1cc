import { graphqlClient } from '@peerpress/cli'
import type { ServerProcess } from './server-process.ts'

/** Makes a token for a seed of a site. */
export async function makeSeedToken(
  server: Pick<ServerProcess, 'url' | 'token'>,
  siteId: string,
): Promise<string> {
  const client = graphqlClient(server.url, await server.token())
  const { tokenCreate } = await client.query<{ tokenCreate: { secret: string } }>(
    'mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { secret } }',
    { input: { name: 'seed', siteIds: [siteId], scopes: ['SEED'] } },
  )
  return tokenCreate.secret
}
