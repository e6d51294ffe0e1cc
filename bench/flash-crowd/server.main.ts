import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { graphqlClient, readOperatorToken } from '@peerpress/cli'
import { readConfig, startServer } from '@peerpress/server'
import { answerQuestions } from '../child.ts'
import { postId } from './post.ts'

/** Tells the server where it is and whose site it serves, or to publish the site's post with all of its media. */
export type ServerOrder =
  { readonly start: ServerStart } | { readonly publish: { readonly page: string; readonly media: number } }

/** The server's address, and the URL of the site. */
export interface ServerStart {
  readonly host: string
  readonly site: string
}

/** What the site's page says of its server. */
export interface Connected {
  readonly site: string
  readonly server: string
  readonly key: string
  /** The service worker's script, for the site to hand out. */
  readonly worker: string
}

let close: () => Promise<void> = async () => {}
let client: ReturnType<typeof graphqlClient>
let connected: Connected

answerQuestions(
  async (order: ServerOrder): Promise<Connected | null> => {
    if ('start' in order) return start(order.start)
    await client.query('mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
      input: { siteId: connected.site, postId, url: order.publish.page },
    })
    await untilComplete(order.publish.media)
    return null
  },
  () => close(),
)

/** Waits until the manifest lists all media: over a slow link, an early one lists those that have arrived in ten seconds. */
async function untilComplete(media: number): Promise<void> {
  const query = `{ site(siteId: "${connected.site}") { post(postId: "${postId}") { assets { assetId } } } }`
  for (;;) {
    const { site } = await client.query<{ site: { post: { assets: readonly object[] } | null } }>(query)
    if (site.post?.assets.length === media) return
    await pause(200)
  }
}

async function start({ host, site: url }: ServerStart): Promise<Connected> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-flash-crowd-'))
  close = () => rm(directory, { recursive: true, force: true })
  const config = readConfig({
    PEERPRESS_HOST: host,
    PEERPRESS_PORT: '4600',
    PEERPRESS_DATA: directory,
    PEERPRESS_CHROMIUM_PATH: 'none',
  })
  const server = await startServer(config)
  const remove = close
  close = async () => {
    try {
      await server.close()
    } finally {
      await remove()
    }
  }
  client = graphqlClient(server.url, await readOperatorToken(directory))
  const { siteAdd } = await client.query<{ siteAdd: { site: { siteId: string; publicKey: string } } }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId publicKey } } }',
    { input: { url, consent: 'ASSUMED', allowPrivateAddresses: true } },
  )
  const { siteId: site, publicKey: key } = siteAdd.site
  const worker = await (await fetch(`${server.url}/v1/worker.js`)).text()
  connected = { site, server: server.url, key, worker }
  return connected
}
