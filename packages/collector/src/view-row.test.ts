import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beaconOf, firefox } from './beacon.testing.ts'
import { viewRow } from './view-row.ts'

const referral = { class: 'search', searchEngine: 'Search', assistant: null } as const
const reception = {
  receivedAt: Date.UTC(2026, 2, 8, 12, 0, 0, 250),
  userAgent: firefox,
  country: 'NL',
  referral,
}
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
const day = 86_400_000

describe('row of a beacon', () => {
  test('carries every field of the beacon and what the server knows', () => {
    assert.deepEqual(viewRow(beaconOf(7, { connection: '3g', campaign, session, attribution }), reception), {
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
    })
  })

  test('a page without a manifest has no delivery, which is not a delivery of nothing', () => {
    const row = viewRow(beaconOf(1, { delivery: null }), reception)
    assert.deepEqual([row.has_delivery, row.assets_complete, row.bytes_peer], [false, 0, 0])
  })

  test('the start is counted back from the reception, to the ms and up to a week', () => {
    const startOf = (age: number) => viewRow(beaconOf(1, { age }), reception).started_at
    assert.equal(startOf(0), '2026-03-08 12:00:00.250')
    assert.equal(startOf(0.4), '2026-03-08 12:00:00.249')
    assert.equal(startOf(7 * day), '2026-03-01 12:00:00.250')
  })
})
