import { randomUUID } from 'node:crypto'
import { type Beacon, encodeBeacon } from '@peerpress/wire'

/** A beacon as a reader of a connected page sends it; `changes` replace its fields. */
export function sampleBeacon(site: string, changes: Partial<Beacon> = {}): Beacon {
  return {
    version: 1,
    site,
    view: randomUUID(),
    sequence: 1,
    age: 1200,
    url: 'http://127.0.0.1:8080/a-post/',
    post: 'a-post',
    sampling: 1,
    hidden: null,
    arm: 'assisted',
    navigation: 'navigate',
    referrer: null,
    campaign: null,
    session: null,
    connection: '4g',
    vitals: { lcp: 900, inp: null, cls: 0, fcp: 400, ttfb: 50 },
    attribution: null,
    load: 1000,
    timing: null,
    resources: null,
    longFrames: null,
    errors: null,
    actions: null,
    events: null,
    playback: null,
    delivery: {
      assets: { complete: 4, failed: 0 },
      bytes: { peer: 3000, seed: 0, mirror: 0, origin: 1000, cache: 0 },
      wrongBytes: 0,
      rejectedChunks: 0,
      droppedPeers: 0,
      fallbacks: 0,
      peers: 1,
      uploaded: 0,
    },
    engagement: { engagedMs: 800, scrollDepth: 0.5 },
    ...changes,
  }
}

/** The user agent of a reader who is no bot. */
export const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

/** Sends a beacon, or any body, as a browser on the page of `origin` does. */
export function postBeacon(options: {
  readonly server: string
  readonly beacon: Beacon | string | Uint8Array<ArrayBuffer>
  readonly origin: string
  readonly headers?: Readonly<Record<string, string>>
}): Promise<Response> {
  const { server, beacon, origin, headers } = options
  const body = typeof beacon === 'string' || beacon instanceof Uint8Array ? beacon : encodeBeacon(beacon)
  return fetch(`${server}/v1/beacon`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin, 'user-agent': browser, ...headers },
    body,
  })
}
