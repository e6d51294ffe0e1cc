import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Beacon } from '@peerpress/wire'
import { beaconOf } from '../beacon.testing.ts'
import { viewRow } from './view-row.ts'

const referral = { class: 'search', searchEngine: 'Search', assistant: null } as const
const receivedAt = Date.UTC(2026, 2, 8, 12, 0, 0, 250)
const reception = {
  receivedAt,
  startedAt: receivedAt - 2000,
  place: {
    country: 'NL',
    subdivision: 'NL-NH',
    network: { number: 3333, organisation: 'RIPE NCC' },
  },
  visitor: '18446744073709551615',
  agent: { device: 'desktop', browser: 'Firefox', bot: null },
  referral,
} as const
const campaign = { source: 'news', medium: 'e-mail', name: 'spring', term: 'a', content: 'b' }
const session = { id: '00000000-0000-4000-9000-000000000001', landing: false }
const attribution = {
  lcp: {
    target: 'main>img',
    url: 'https://blog.example/a.jpg',
    timeToFirstByte: 120,
    resourceLoadDelay: 80,
    resourceLoadDuration: 900,
    elementRenderDelay: 100,
  },
  inp: { target: 'button', inputDelay: 1, processingDuration: 0, presentationDelay: 3 },
  cls: { target: 'aside' },
}
const experience = {
  sampling: 0.25,
  hidden: false,
  timing: {
    redirect: 0,
    lookup: 1,
    connect: 2,
    tls: null,
    request: 3,
    response: 4,
    interactive: 5,
    contentLoaded: 6,
  },
  resources: [{ type: 'image', count: 2, cached: 0, duration: 30.5, bytes: 4000 }],
  longFrames: { count: 0, duration: 0, blocking: 0 },
  errors: {
    scripts: 1,
    resources: 0,
    samples: [{ kind: 'script', text: 'no', source: null, line: 3 }],
  },
  actions: { interactions: 4, copies: 0, outbound: 1, downloads: 2 },
  events: [{ name: 'sign-up', count: 1, value: null }],
  playback: { played: 1234.5, stalled: 0.4, stalls: 1 },
} satisfies Partial<Beacon>

describe('row of a beacon', () => {
  test("contains every field of the beacon and the server's data", () => {
    const beacon = beaconOf(7, { connection: '3g', campaign, session, attribution, ...experience })
    assert.deepEqual(viewRow(beacon, reception), {
      site: 'abcdefghijklmnop',
      view: '00000000-0000-4000-8000-000000000007',
      sequence: 1,
      started_at: '2026-03-08 11:59:58.250',
      received_at: '2026-03-08 12:00:00.250',
      url: 'https://blog.example/post',
      post: '12',
      arm: 'assisted',
      country: 'NL',
      device: 'desktop',
      browser: 'Firefox',
      navigation: 'navigate',
      referrer: 'search.example',
      referrer_class: 'search',
      search_engine: 'Search',
      assistant: null,
      campaign_source: 'news',
      campaign_medium: 'e-mail',
      campaign_name: 'spring',
      campaign_term: 'a',
      campaign_content: 'b',
      session: '00000000-0000-4000-9000-000000000001',
      landing: false,
      connection: '3g',
      lcp: 1200,
      inp: null,
      cls: 0.01,
      fcp: 800,
      ttfb: 120,
      load: 1500,
      lcp_target: 'main>img',
      lcp_url: 'https://blog.example/a.jpg',
      lcp_time_to_first_byte: 120,
      lcp_resource_load_delay: 80,
      lcp_resource_load_duration: 900,
      lcp_element_render_delay: 100,
      inp_target: 'button',
      inp_input_delay: 1,
      inp_processing_duration: 0,
      inp_presentation_delay: 3,
      cls_target: 'aside',
      has_delivery: true,
      assets_complete: 3,
      assets_failed: 1,
      bytes_peer: 3000,
      bytes_seed: 0,
      bytes_mirror: 0,
      bytes_origin: 1000,
      bytes_cache: 500,
      wrong_bytes: 0,
      rejected_chunks: 1,
      dropped_peers: 1,
      fallbacks: 2,
      peers: 4,
      uploaded: 700,
      engaged_ms: 1900,
      scroll_depth: 0.5,
      sampling: 0.25,
      hidden: false,
      timing_redirect: 0,
      timing_lookup: 1,
      timing_connect: 2,
      timing_tls: null,
      timing_request: 3,
      timing_response: 4,
      timing_interactive: 5,
      timing_content_loaded: 6,
      resources: experience.resources,
      long_frames: 0,
      long_frames_duration: 0,
      long_frames_blocking: 0,
      script_errors: 1,
      resource_errors: 0,
      error_samples: experience.errors.samples,
      interactions: 4,
      copies: 0,
      outbound_clicks: 1,
      download_clicks: 2,
      events: experience.events,
      played_ms: 1235,
      stalled_ms: 0,
      stalls: 1,
      subdivision: 'NL-NH',
      network: 'AS3333 RIPE NCC',
      visitor: '18446744073709551615',
    })
  })

  test('a page without a manifest has no delivery, which differs from a delivery of 0 bytes', () => {
    const row = viewRow(beaconOf(1, { delivery: null }), reception)
    assert.deepEqual([row.has_delivery, row.assets_complete, row.bytes_peer], [false, 0, 0])
  })

  test('figures of Resource Timing without a manifest are counted, and figures of peers are unknown', () => {
    const delivery = { assets: { complete: 3, failed: 1 }, bytes: { origin: 5000, cache: 700 } }
    const row = viewRow(beaconOf(1, { delivery }), reception)
    assert.deepEqual([row.has_delivery, row.peers, row.bytes_peer, row.wrong_bytes], [false, 0, 0, 0])
    assert.deepEqual(
      [row.assets_complete, row.assets_failed, row.bytes_origin, row.bytes_cache],
      [3, 1, 5000, 700],
    )
  })
})
