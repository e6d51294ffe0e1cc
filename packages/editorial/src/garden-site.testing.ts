import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry, Site } from '@peerpress/registry'

/** A site on loopback whose pages are the posts of the seeded views. */
export interface GardenSite {
  readonly url: string
  /** Pages by path. */
  readonly pages: Map<
    string,
    { readonly body: string | Buffer; readonly type?: string; readonly status?: number }
  >
  /** Paths that were requested. */
  readonly requests: string[]
  close(): Promise<void>
}

const paragraph = (about: string) =>
  `<p>${`${about} needs patience, good soil and some water, and every gardener learns it in a few seasons. `.repeat(4)}</p>`

/** Returns a page of a blog: a menu, a post with headings, and a footer. */
export function postPage(title: string, sections: Readonly<Record<string, string>>, language = 'en'): string {
  const body = Object.entries(sections)
    .map(([heading, about]) => `<h2>${heading}</h2>${paragraph(about)}`)
    .join('')
  return `<!doctype html><html lang="${language}"><head><title>${title} – Garden</title>
<meta name="description" content="About ${title}."></head><body><nav><a href="/">Home of the garden menu</a></nav>
<article><h1>${title}</h1>${paragraph(title)}${body}<script>alert('x')</script></article><footer>Imprint of the garden</footer></body></html>`
}

export async function startGarden(): Promise<GardenSite> {
  const pages: GardenSite['pages'] = new Map([
    [
      '/post-101/',
      { body: postPage('Pruning roses', { 'When to prune roses': 'Pruning', Tools: 'A pair of shears' }) },
    ],
    [
      '/post-102/',
      { body: postPage('Growing tomatoes', { 'Watering tomatoes': 'A tomato', Sun: 'A tomato plant' }) },
    ],
    [
      '/post-103/',
      { body: postPage('Building a compost heap', { 'What may go on the compost': 'Compost' }) },
    ],
  ])
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    const page = pages.get(request.url ?? '')
    const {
      body = 'not found',
      status = page === undefined ? 404 : 200,
      type = 'text/html; charset=utf-8',
    } = page ?? {}
    response.writeHead(status, { 'content-type': type }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    pages,
    requests,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Registers a site and publishes its posts. */
export async function registerGarden(
  registry: Pick<Registry, 'sites' | 'posts'>,
  { url, posts = ['101', '102', '103'] }: { readonly url: string; readonly posts?: readonly string[] },
): Promise<Site> {
  const { site } = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: true })
  for (const post of posts) await publish(registry, site, { post, version: 1 })
  return site
}

export async function publish(
  registry: Pick<Registry, 'posts'>,
  { id, url }: Site,
  {
    post,
    version,
    revoked = false,
  }: { readonly post: string; readonly version: number; readonly revoked?: boolean },
): Promise<void> {
  await registry.posts.record({
    site: id,
    post,
    url: `${url}post-${post}/`,
    version,
    revoked,
    envelope: `{"version":${version}}`,
    assets: [],
  })
}
