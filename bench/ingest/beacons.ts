import { randomUUID } from 'node:crypto'
import { encodeBeacon } from '@peerpress/wire'

/** Where the pages of the beacons are. */
export const pageOrigin = 'https://blog.example'

/** Whole requests with beacons of different views, as browsers send them. */
export function beaconRequests(site: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const body = encodeBeacon({
      version: 1,
      site,
      view: randomUUID(),
      sequence: 1,
      age: 12_000 + index,
      url: `${pageOrigin}/posts/${index % 40}`,
      post: String(index % 40),
      sampling: 1,
      hidden: false,
      arm: 'assisted',
      navigation: 'navigate',
      referrer: 'www.google.com',
      campaign: null,
      session: { id: randomUUID(), landing: index % 3 === 0 },
      connection: '4g',
      vitals: { lcp: 1200 + (index % 900), inp: 48, cls: 0.013, fcp: 812.5, ttfb: 121.25 },
      attribution: {
        lcp: {
          target: '#content>figure.wp-block-image>img',
          url: `${pageOrigin}/uploads/picture-${index % 40}.jpg`,
          timeToFirstByte: 121.25,
          resourceLoadDelay: 310.5,
          resourceLoadDuration: 640,
          elementRenderDelay: 128.25,
        },
        inp: { target: 'button.menu', inputDelay: 4, processingDuration: 21, presentationDelay: 23 },
        cls: { target: '#content>figure.wp-block-video' },
      },
      load: 1533.4,
      timing: {
        redirect: 0,
        lookup: 12.5,
        connect: 48,
        tls: 30.5,
        request: 60.25,
        response: 14,
        interactive: 610,
        contentLoaded: 640.5,
      },
      resources: [
        { type: 'image', count: 11, cached: 1, duration: 5210.5, bytes: 5_190_467 },
        { type: 'script', count: 6, cached: 2, duration: 702, bytes: 190_311 },
        { type: 'style', count: 3, cached: 0, duration: 240, bytes: 61_202 },
      ],
      longFrames: { count: 3, duration: 260, blocking: 80 },
      errors: { scripts: 0, resources: 0, samples: [] },
      actions: { interactions: 4, copies: 0, outbound: 0, downloads: 0 },
      events: [],
      playback: { played: 0, stalled: 0, stalls: 0 },
      delivery: {
        assets: { complete: 11, failed: 0 },
        bytes: { peer: 4_312_044, seed: 0, mirror: 0, origin: 812_113, cache: 66_310 },
        wrongBytes: 0,
        rejectedChunks: 0,
        droppedPeers: 0,
        fallbacks: 1,
        peers: 5,
        uploaded: 2_100_776,
      },
      engagement: { engagedMs: 9800, scrollDepth: 0.83 },
    })
    return Buffer.from(
      [
        'POST /v1/beacon HTTP/1.1',
        'Host: 127.0.0.1',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Content-Type: text/plain;charset=UTF-8',
        `Origin: ${pageOrigin}`,
        `Referer: ${pageOrigin}/`,
        'User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
        'Accept: */*',
        'Accept-Encoding: gzip, deflate, br, zstd',
        'Accept-Language: en-GB,en;q=0.9',
        'Sec-Fetch-Dest: empty',
        'Sec-Fetch-Mode: no-cors',
        'Sec-Fetch-Site: cross-site',
        '',
        body,
      ].join('\r\n'),
    )
  })
}
