import { randomUUID } from 'node:crypto'
import type { Beacon } from '@peerpress/wire'
import { CliError } from '../cli-error.ts'
import { graphqlClient } from '../client/graphql-client.ts'

const home = 'https://garden.example'

/** Addresses in different countries, with the LCP of their readers in ms. */
const readers = [
  { address: '145.97.39.155', lcp: 1150 },
  { address: '133.11.0.1', lcp: 1900 },
  { address: '128.32.155.2', lcp: 1500 },
  { address: '143.107.1.1', lcp: 2300 },
  { address: '14.139.45.1', lcp: 2650 },
] as const

/** A collector accepts beacons of views that are up to seven days old. */
const maxAge = 6.9 * 86_400_000

const beaconsPerRequest = 50

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

/**
 * Adds a sample site with a week of views to a server that has no site yet. The beacons take the same path as those of
 * readers, so the server must trust `X-Forwarded-For` from loopback.
 * @throws {CliError} `server-refused` if the server refuses the beacons.
 */
export async function seedViews(server: string, token: string): Promise<void> {
  const client = graphqlClient(server, token)
  const { sites } = await client.query<{ sites: { edges: readonly unknown[] } }>(
    '{ sites(first: 1) { edges { cursor } } }',
  )
  if (sites.edges.length > 0) return
  const { siteAdd } = await client.query<{ siteAdd: { site: { siteId: string } } }>(
    'mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }',
    { input: { url: `${home}/`, consent: 'ASSUMED', allowPrivateAddresses: false } },
  )
  for (const { address, lcp } of readers) {
    const beacons = Array.from({ length: beaconsPerRequest }, () => beaconOf(siteAdd.site.siteId, lcp))
    const response = await fetch(new URL('/v1/beacon', server), {
      method: 'POST',
      headers: {
        'content-type': 'text/plain',
        origin: home,
        'user-agent': userAgent,
        'x-forwarded-for': address,
      },
      body: JSON.stringify(beacons),
    })
    if (response.status !== 204)
      throw new CliError('server-refused', `the server refused sample views: ${await response.text()}`)
  }
}

function beaconOf(site: string, typicalLcp: number): Beacon {
  const between = (least: number, most: number) => Math.round(least + Math.random() * (most - least))
  const age = between(180_000, maxAge)
  const post = `${between(101, 104)}`
  const lcp = Math.round(typicalLcp * (0.55 + Math.random() * 0.9))
  const bytes = between(800_000, 3_000_000)
  const peer = Math.round(bytes * (0.4 + Math.random() * 0.5))
  const seed = Math.round((bytes - peer) * 0.15)
  const cache = Math.round((bytes - peer - seed) * Math.random() * 0.4)
  return {
    version: 1,
    site,
    view: randomUUID(),
    sequence: 1,
    age,
    url: `${home}/post-${post}/`,
    post,
    sampling: 1,
    hidden: null,
    arm: Math.random() < 0.1 ? 'control' : 'assisted',
    navigation: 'navigate',
    referrer: null,
    campaign: null,
    session: null,
    connection: '4g',
    vitals: {
      lcp,
      inp: between(40, 200),
      cls: between(0, 100) / 1000,
      fcp: Math.round(lcp * 0.6),
      ttfb: Math.round(lcp * 0.2),
    },
    attribution: null,
    load: Math.round(lcp * 1.4),
    timing: null,
    resources: null,
    longFrames: null,
    errors: null,
    actions: null,
    events: null,
    playback: null,
    delivery: {
      assets: { complete: between(4, 12), failed: Math.random() < 0.02 ? 1 : 0 },
      bytes: { peer, seed, mirror: 0, origin: bytes - peer - seed - cache, cache },
      wrongBytes: 0,
      rejectedChunks: 0,
      droppedPeers: 0,
      fallbacks: 0,
      peers: between(1, 6),
      uploaded: Math.round(peer * Math.random()),
    },
    engagement: { engagedMs: between(8_000, 160_000), scrollDepth: between(20, 100) / 100 },
  }
}
