import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { graphqlClient } from '@peerpress/cli'
import { ensureVisitorBundles } from './visitor-bundles.ts'
import { fixtureFolder, type FixtureRelease, readFixtures } from '../data/fixtures.ts'
import { eventually } from '../eventually.ts'
import { type AddedSite, addSite } from '../server/add-site.ts'
import { answering } from '../server/answering.ts'
import type { ServerProcess } from '../server/server-process.ts'
import type { Media } from './small-site.ts'

/** Whose browser code a site serves. */
export type Scripts = FixtureRelease | 'today'

/**
 * A post as an earlier release's plugin printed it: the recorded configuration element with this site's own addresses,
 * and the scripts at the plugin's addresses.
 */
export interface ReleasedPost {
  readonly url: string
  readonly site: AddedSite
  /** Bytes of media that the origin sent. */
  sent: number
  /** The release of the scripts that pages name, and of the service worker. */
  scripts: { page: Scripts; worker: Scripts }
  close(): Promise<void>
}

const postId = '14'
const path = `/post/${postId}/`
const assets = '/wp-content/plugins/peerpress/assets/'

/** Starts an origin with one post and publishes the post through the server. */
export async function startReleasedPost(
  release: FixtureRelease,
  server: ServerProcess,
  content: { readonly media: readonly Media[]; readonly body: string },
): Promise<ReleasedPost> {
  await ensureVisitorBundles()
  const origin = createServer(answering(answer))
  origin.listen(0, '127.0.0.1')
  await once(origin, 'listening')
  const originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`
  const site = await addSite(server, `${originUrl}/`)
  const config = await recordedConfig(release, { originUrl, server: server.url, site })
  const post: ReleasedPost = {
    url: originUrl + path,
    site,
    sent: 0,
    scripts: { page: release, worker: release },
    async close() {
      origin.closeAllConnections()
      origin.close()
      await once(origin, 'close')
    },
  }
  await publish(server, post)
  post.sent = 0
  return post

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://origin')
    const media = content.media.find(({ name }) => pathname === `/media/${name}`)
    if (pathname === path) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(html())
    } else if (searchParams.get('peerpress') === 'worker') {
      response.setHeader('Service-Worker-Allowed', '/')
      await sendScript(response, 'worker.js', post.scripts.worker)
    } else if (pathname.startsWith(assets)) {
      await sendScript(response, pathname.slice(assets.length), post.scripts.page)
    } else if (media) {
      post.sent += media.bytes.length
      response.setHeader('Content-Type', media.type)
      response.end(media.bytes)
    } else {
      response.writeHead(404).end()
    }
  }

  function html(): string {
    return `<!doctype html><html lang="en"><title>A post</title><link rel="icon" href="data:,">
<body>${content.body}
<script type="application/json" id="peerpress-config">${config}</script>
<script src="${assets}loader.js?ver=${release}.0" defer></script>
</body></html>`
  }
}

/** The configuration of a post whose owner assumes consent, of this site in place of the recorded one. */
async function recordedConfig(
  release: FixtureRelease,
  own: { readonly originUrl: string; readonly server: string; readonly site: AddedSite },
): Promise<string> {
  const [recorded] = await readFixtures(release, 'site')
  const configs = await readFixtures(release, 'page-configs')
  const config = configs.find(({ page }) => page === 'a post, consent assumed, mode full')
  if (!recorded || !config) throw new Error(`release ${release} has no configuration of a post`)
  return config.text
    .replaceAll(recorded.site, own.site.siteId)
    .replaceAll(recorded.origin, own.originUrl)
    .replaceAll(recorded.server, own.server)
    .replaceAll(recorded.publicKey, own.site.publicKey)
}

async function sendScript(response: ServerResponse, name: string, of: Scripts): Promise<void> {
  response.setHeader('Content-Type', 'text/javascript')
  response.end(await readFile(scriptUrl(name, of)))
}

function scriptUrl(name: string, of: Scripts): URL {
  if (of !== 'today') return new URL(`bundles/${name}`, fixtureFolder(of))
  return name === 'rum.js'
    ? new URL(import.meta.resolve('@peerpress/rum/rum.js'))
    : new URL(`../../../packages/visitor/dist/${name}`, import.meta.url)
}

async function publish(server: ServerProcess, { url, site }: ReleasedPost): Promise<void> {
  const client = graphqlClient(server.url, await server.token())
  await client.query('mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
    input: { siteId: site.siteId, postId, url },
  })
  await eventually('the manifest', async () => {
    const { ok } = await fetch(`${server.url}/v1/sites/${site.siteId}/posts/${postId}/manifest`)
    return ok || undefined
  })
}
