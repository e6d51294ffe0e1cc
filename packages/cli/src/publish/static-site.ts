import type { StaticSite } from '@peerpress/connectors'
import type { NoticeConfig, NoticeTexts } from '@peerpress/wire'
import { isLocalHost } from '@peerpress/wire/local-host'
import { CliError } from '../cli-error.ts'
import type { GraphqlClient } from '../client/graphql-client.ts'

/** The owner's choices for the pages of a static site. */
export interface StaticSiteOptions {
  readonly siteId: string
  /** Address of the server for this command, no trailing slash. */
  readonly server: string
  /** Address of the server for readers' browsers. */
  readonly publicServer: string
  /** Share of eligible readers that stay on the origin, ratio 0-1. */
  readonly control: number
  /** The texts of the notice; null for English. */
  readonly notice: NoticeTexts | null
}

/** ms */
const timeout = 30_000

interface SiteRecord {
  readonly siteId: string
  readonly url: string
  readonly origins: readonly string[]
  readonly publicKey: string
  readonly mode: string
  readonly consent: string
}

/**
 * Gets the site's record and the service worker from the server, and checks that its pages can use them.
 * @throws {CliError} `server-refused`, `server-unreachable`, `usage`
 */
export async function staticSite(client: GraphqlClient, options: StaticSiteOptions): Promise<StaticSite> {
  const { siteId, server } = options
  const { site } = await client.query<{ site: SiteRecord | null }>(
    'query($siteId: String!) { site(siteId: $siteId) { siteId url origins publicKey mode consent } }',
    { siteId },
  )
  if (site === null) {
    throw new CliError(
      'server-refused',
      `${server} has no site ${siteId}. "./peerpress site list" lists its sites.`,
    )
  }
  const home = homeOf(site.url)
  const readers = publicAddress(options.publicServer, home)
  const script = (name: string) => `${readers}/v1/${name}`
  const consent = site.consent.toLowerCase() as StaticSite['config']['consent']
  return {
    home: home.href,
    origins: site.origins,
    config: {
      site: site.siteId,
      server: readers,
      key: site.publicKey,
      mode: site.mode.toLowerCase().replace('_', '-') as StaticSite['config']['mode'],
      consent,
      ...noticeOf(consent, options.notice, script('notice.js')),
      control: options.control,
      scripts: { rum: script('rum.js'), swarm: script('swarm.js') },
      snapshot: { script: script('snapshot.js') },
    },
    loader: script('visitor.js'),
    worker: await fetchWorker(server),
  }
}

/** Returns the URL of the folder: `/blog` and `/blog/` are the same one. */
function homeOf(url: string): URL {
  const home = new URL(url)
  if (!home.pathname.endsWith('/')) home.pathname += '/'
  return home
}

/** @throws {CliError} `usage` if nobody would see the texts */
function noticeOf(consent: string, texts: NoticeTexts | null, script: string): { notice?: NoticeConfig } {
  if (consent === 'notice') return { notice: { ...texts, script } }
  if (texts === null) return {}
  throw new CliError(
    'usage',
    `--notice: the site's consent policy is "${consent}", which shows no notice. Change it with "./peerpress site policy", or leave --notice out.`,
  )
}

function publicAddress(text: string, home: URL): string {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.pathname !== '/') {
    throw new CliError(
      'usage',
      `"${text}" is no address of a server: write --public https://peerpress.example.org`,
    )
  }
  const isLocal = isLocalHost(url.hostname)
  if (isLocal && !isLocalHost(home.hostname)) {
    throw new CliError(
      'usage',
      `readers of ${home.origin} cannot reach ${url.origin}: name the server's public address with --public.`,
    )
  }
  if (url.protocol === 'http:' && home.protocol === 'https:' && !isLocal) {
    throw new CliError(
      'usage',
      `browsers load nothing from ${url.origin} into a page of ${home.origin}: the server's public address needs https.`,
    )
  }
  return url.origin
}

async function fetchWorker(server: string): Promise<string> {
  const response = await fetch(`${server}/v1/worker.js`, { signal: AbortSignal.timeout(timeout) }).catch(
    (cause: unknown) => {
      throw new CliError('server-unreachable', `no server answers at ${server}; name it with --server.`, {
        cause,
      })
    },
  )
  if (!response.ok) {
    throw new CliError('server-refused', `${server}/v1/worker.js responded with status ${response.status}.`)
  }
  return response.text()
}
