import { decodeViewRow } from '@peerpress/store'
import type { Beacon } from '@peerpress/wire'
import type { CollectorOptions } from './collector.ts'
import type { BeaconRequest } from './beacon-context.ts'

export const siteId = 'abcdefghijklmnop'
export const siteOrigin = 'https://blog.example'

/** Limits of collectors, unless a test sets others. */
export const limits = { maxPerNetwork: 200, maxPerSite: 2000, maxLogBytes: 2 * 1024 ** 3 }

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0'

/** Makes a beacon of the view with this number. */
export function beaconOf(view: number, changes: Partial<Beacon> = {}): Beacon {
  return {
    version: 1,
    site: siteId,
    view: `00000000-0000-4000-8000-${String(view).padStart(12, '0')}`,
    sequence: 1,
    age: 2000,
    url: `${siteOrigin}/post`,
    post: '12',
    sampling: 1,
    hidden: null,
    arm: 'assisted',
    navigation: 'navigate',
    referrer: 'search.example',
    campaign: null,
    session: null,
    connection: '4g',
    vitals: { lcp: 1200, inp: null, cls: 0.01, fcp: 800, ttfb: 120 },
    attribution: null,
    load: 1500,
    timing: null,
    resources: null,
    longFrames: null,
    errors: null,
    actions: null,
    events: null,
    playback: null,
    delivery: {
      assets: { complete: 3, failed: 1 },
      bytes: { peer: 3000, seed: 0, mirror: 0, origin: 1000, cache: 500 },
      wrongBytes: 0,
      rejectedChunks: 1,
      droppedPeers: 1,
      fallbacks: 2,
      peers: 4,
      uploaded: 700,
    },
    engagement: { engagedMs: 1900, scrollDepth: 0.5 },
    ...changes,
  }
}

/** Makes a reader's request with a beacon, from the Netherlands. */
export function requestOf(beacon: Beacon, changes: Partial<BeaconRequest> = {}): BeaconRequest {
  return {
    body: Buffer.from(JSON.stringify(beacon)),
    origin: siteOrigin,
    userAgent: firefox,
    address: '193.0.6.139',
    network: 'ipv4 193.0.6',
    ...changes,
  }
}

/** Decodes the rows of a table. */
export function rowsIn<Row = Record<string, unknown>>(rows: Buffer): Row[] {
  return rows.toString().trimEnd().split('\n').map(decodeViewRow) as Row[]
}

/** Makes a store that inserts the rows of every table by one function. */
export function storeWith(
  insert: (rows: Buffer, table: 'views' | 'bots' | 'drops') => Promise<void>,
): CollectorOptions['store'] {
  return {
    insertViews: (rows) => insert(rows, 'views'),
    insertBots: (rows) => insert(rows, 'bots'),
    insertDrops: (rows) => insert(rows, 'drops'),
  }
}
