import { readFile } from 'node:fs/promises'
import type { ReferrerClass } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'

/** The source that led a reader to a page. */
export interface Referral {
  readonly class: ReferrerClass
  /** Name of the search engine whose page contained the link; null if it was none. */
  readonly searchEngine: string | null
  /** Name of the AI assistant that gave the link; null if it was none. */
  readonly assistant: string | null
}

/** Classifies what led to a view of a site with these origins. */
export type ReferralOf = (
  beacon: Pick<Beacon, 'referrer' | 'campaign'>,
  origins: readonly string[],
) => Referral

/** The meaning of a host in the list. */
interface Known {
  readonly medium: string
  readonly source: string
}

/** Hosts by medium and name, as `refresh-lists.ts` writes them. */
type ReferrerList = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

const embedded = new URL('referrer-list.json', import.meta.url)

/**
 * Opens the embedded list of referring hosts. The campaign parameters that the site's owner wrote into a link take
 * precedence over the host, except for an assistant's own parameter. Both take precedence over the absence of a
 * referrer.
 */
export async function openReferrerList(): Promise<ReferralOf> {
  // A site's origins are the same array for some seconds, and parsing them takes longer than everything else here.
  const siteHosts = new WeakMap<readonly string[], readonly string[]>()
  const hostsOf = (origins: readonly string[]) => {
    const own = siteHosts.get(origins) ?? origins.map((origin) => bare(new URL(origin).hostname))
    siteHosts.set(origins, own)
    return own
  }
  const hosts = knownHosts(JSON.parse(await readFile(embedded, 'utf8')) as ReferrerList)
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

function knownHosts(list: ReferrerList): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>()
  for (const [medium, sources] of Object.entries(list)) {
    for (const [source, hosts] of Object.entries(sources)) {
      for (const host of hosts) known.set(host, { medium, source })
    }
  }
  return known
}

/** Subdomains of a search engine that are also its front page. */
const front = /^(?:www\d?|m|wap)\.$/

/**
 * Returns the entry of a host or of the nearest domain above it. Below a search engine's front page (`google.com`,
 * `naver.com`) there are mail, documents and blogs. So only its other front pages count as the engine there.
 */
function lookUp(hosts: ReadonlyMap<string, Known>, host: string): Known | undefined {
  for (let name = host.toLowerCase(), below = ''; name !== '';) {
    const known = hosts.get(name) ?? hosts.get(acrossCountries(name))
    if (known) {
      const isEngine = known.medium !== 'search' || below === '' || front.test(below)
      if (isEngine) return known
      return below.length === 3 ? hosts.get(`{}.${name}`) : undefined
    }
    const dot = name.indexOf('.')
    if (dot < 0) return undefined
    below += name.slice(0, dot + 1)
    name = name.slice(dot + 1)
  }
  return undefined
}

/** Returns `pinterest.*` for `pinterest.de` and `pinterest.co.uk`; the name itself if it has no country domain. */
function acrossCountries(name: string): string {
  return name.replace(/\.(?:com?\.)?[a-z]{2}$/, '.*')
}

function nameOf(medium: string, known: Known | undefined): string | null {
  return known?.medium === medium ? known.source : null
}

function bare(host: string): string {
  return host.replace(/^www\./, '')
}
