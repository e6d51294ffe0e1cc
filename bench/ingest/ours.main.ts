import { graphqlClient, readOperatorToken } from '@peerpress/cli'
import { type RunningServer, readConfig, startServer } from '@peerpress/server'
import { answerQuestions } from '../child.ts'
import { usage } from '../usage.ts'
import { pageOrigin } from './beacons.ts'

// The whole server as `./peerpress start` runs it: all roles, every step of the collector, the store behind it.
let server: RunningServer | undefined

answerQuestions(
  async ({ directory }: { readonly directory?: string }) => {
    if (directory === undefined) return usage()
    server = await startServer(
      readConfig({
        PEERPRESS_PORT: '0',
        PEERPRESS_DATA: directory,
        PEERPRESS_CHROMIUM_PATH: 'none',
        PEERPRESS_BEACONS_PER_NETWORK: '0',
        PEERPRESS_BEACONS_PER_SITE: '0',
      }),
    )
    const operator = graphqlClient(server.url, await readOperatorToken(directory))
    const { siteAdd } = await operator.query<{ siteAdd: { site: { siteId: string } } }>(
      'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }',
      { input: { url: `${pageOrigin}/`, consent: 'ASSUMED', allowPrivateAddresses: false } },
    )
    return { port: Number(new URL(server.url).port), site: siteAdd.site.siteId }
  },
  async () => server?.close(),
)
