import fc from 'fast-check'
import { encodeViewRow } from './model/view-line.ts'
import { arms, devices, rowTime, type ViewRow } from './model/view-row.ts'

const start = Date.UTC(2026, 2, 1, 12)
const hour = 3_600_000

/** The range that {@link rowArbitrary} spreads views over, some of them outside. */
export const range = { from: new Date(start), to: new Date(start + 4 * hour + 1234) }

export const sites = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 3 })
const count = fc.nat(4)
const bytes = fc.oneof(
  fc.constant(0),
  fc.nat(2 ** 31 - 1),
  fc.maxSafeNat().map((n) => n % 2 ** 40),
)
const ms = maybe(fc.oneof(fc.constant(0), fc.nat(9000), fc.double({ min: 0, max: 60_000, noNaN: true })))

const delivery = fc.record({
  assets_complete: count,
  assets_failed: fc.oneof(fc.constant(0), count),
  bytes_peer: bytes,
  bytes_seed: bytes,
  bytes_mirror: bytes,
  bytes_origin: bytes,
  bytes_cache: bytes,
  wrong_bytes: fc.oneof(fc.constant(0), bytes),
  rejected_chunks: count,
  dropped_peers: count,
  fallbacks: count,
  peers: count,
  uploaded: bytes,
})
/** Of a page without a manifest: nothing is known of peers. */
const timedDelivery = delivery.map(
  ({ assets_complete, assets_failed, bytes_origin, bytes_cache, ...ofPeers }) => ({
    assets_complete,
    assets_failed,
    bytes_origin,
    bytes_cache,
    ...(Object.fromEntries(Object.keys(ofPeers).map((key) => [key, 0])) as typeof ofPeers),
  }),
)

const experience = fc.record(
  {
    sampling: fc.constantFrom(1, 0.5, 0.125),
    hidden: maybe(fc.boolean()),
    timing_redirect: ms,
    timing_lookup: ms,
    timing_connect: ms,
    timing_tls: ms,
    timing_request: ms,
    timing_response: ms,
    timing_interactive: ms,
    timing_content_loaded: ms,
    resources: maybe(
      fc.array(
        fc.record({
          type: fc.constantFrom('image' as const, 'font' as const),
          count,
          cached: count,
          duration: fc.nat(100),
          bytes,
        }),
      ),
    ),
    long_frames: maybe(count),
    long_frames_duration: ms,
    long_frames_blocking: ms,
    script_errors: maybe(count),
    resource_errors: maybe(count),
    error_samples: maybe(
      fc.array(
        fc.record({
          kind: fc.constantFrom('script' as const, 'resource' as const),
          text: fc.constantFrom('no', 'ü "x"'),
          source: maybe(fc.constant('https://example.com/a.js')),
          line: maybe(count),
        }),
      ),
    ),
    interactions: maybe(count),
    copies: maybe(count),
    outbound_clicks: maybe(count),
    download_clicks: maybe(count),
    events: maybe(
      fc.array(
        fc.record({ name: fc.constantFrom('a', 'b'), count, value: maybe(fc.nat(9).map((n) => n / 2)) }),
      ),
    ),
    played_ms: maybe(fc.oneof(fc.constant(0), fc.nat(86_400_000))),
    stalled_ms: maybe(fc.oneof(fc.constant(0), fc.nat(60_000))),
    stalls: maybe(count),
  },
  // Rows of before have none of it.
  { requiredKeys: [] },
)

/** Ids that hold a time (version 7), of hours in the range and before it, and some that do not (version 4). */
function viewOf(n: number, hours: number): string {
  if (n % 4 === 0) return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const time = timeOf(n, hours).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

/** Start of the hour of a view whose id has one. */
function timeOf(n: number, hours: number): number {
  return start + Math.floor(((n % 7) - 2) * (hours / 4)) * hour
}

/** Snapshots of few views, so that they meet each other: same view, same number, other content, other times. */
export const rowArbitrary: fc.Arbitrary<ViewRow> = rowsOver(4, 40)

/** The same, of so many views, spread over so many hours from the range's begin. */
export function rowsOver(hours: number, views: number): fc.Arbitrary<ViewRow> {
  return fc
    .record({
      site: fc.constantFrom(...sites),
      n: fc.nat(views),
      sequence: fc.integer({ min: 1, max: 3 }),
      // Seldom far from the time in the view's id, as clocks are.
      away: fc.oneof(
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.integer({ min: -hour, max: (hours + 1) * hour }) },
      ),
      moment: fc.nat(hour),
      delay: fc.integer({ min: 0, max: 10_000_000 }),
      post: maybe(fc.constantFrom('1', '2', "it's")),
      arm: fc.constantFrom(...arms),
      country: maybe(fc.constantFrom('NL', 'JP', 'BR')),
      subdivision: maybe(fc.constantFrom('NL-NH', 'JP-13')),
      network: maybe(fc.constantFrom('AS1136 KPN', 'AS3333 RIPE-NCC-AS')),
      visitor: maybe(fc.constantFrom('0', '18446744073709551615', '77')),
      device: maybe(fc.constantFrom(...devices)),
      browser: maybe(fc.constantFrom('chrome', 'firefox')),
      referrer: maybe(fc.constantFrom('example.com', 'a.test')),
      referrer_class: maybe(fc.constantFrom('direct', 'search', 'campaign')),
      search_engine: maybe(fc.constantFrom('Google', 'Bing')),
      assistant: maybe(fc.constantFrom('ChatGPT', 'Claude')),
      campaign_source: maybe(fc.constantFrom('newsletter', 'ü "x"')),
      campaign_medium: maybe(fc.constantFrom('email', 'cpc')),
      campaign_name: maybe(fc.constantFrom('spring', 'autumn')),
      campaign_term: maybe(fc.constantFrom('a', 'b')),
      campaign_content: maybe(fc.constantFrom('c', 'd')),
      session: maybe(fc.nat(12).map((n) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`)),
      landing: maybe(fc.boolean()),
      connection: maybe(fc.constantFrom('4g', '3g')),
      vitals: fc.record({
        lcp: ms,
        inp: ms,
        cls: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
        fcp: ms,
        ttfb: ms,
        load: ms,
      }),
      attribution: fc.record({
        lcp_target: maybe(fc.constantFrom('main>img', '#hero')),
        lcp_url: maybe(fc.constantFrom('https://example.com/a.jpg', 'https://example.com/b.jpg')),
        lcp_time_to_first_byte: ms,
        lcp_resource_load_delay: ms,
        lcp_resource_load_duration: ms,
        lcp_element_render_delay: ms,
        inp_target: maybe(fc.constantFrom('button', 'a')),
        inp_input_delay: ms,
        inp_processing_duration: ms,
        inp_presentation_delay: ms,
        cls_target: maybe(fc.constantFrom('aside', 'p.lead')),
      }),
      delivery: fc.oneof(
        delivery.map((fields) => ({ ...fields, has_delivery: true })),
        timedDelivery.map((fields) => ({ ...fields, has_delivery: false })),
      ),
      experience,
      engaged_ms: fc.oneof(fc.nat(12_000), fc.constant(10_000), fc.nat(600_000)),
      scroll_depth: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ n, away, moment, delay, vitals, attribution, delivery: delivered, experience: told, ...row }) => {
      const started = away === null ? timeOf(n, hours) + moment : start + away
      return {
        ...row,
        view: viewOf(n, hours),
        ...vitals,
        ...attribution,
        ...delivered,
        ...told,
        started_at: rowTime(started),
        received_at: rowTime(started + delay),
        url: 'https://example.com/',
        navigation: 'navigate',
      }
    })
}

export function ndjson(rows: readonly ViewRow[]): Buffer {
  return Buffer.from(rows.map((row) => `${encodeViewRow(row)}\n`).join(''))
}

/** The same rows at every run. */
export function sampleRows(howMany: number): ViewRow[] {
  return fc.sample(rowArbitrary, { numRuns: howMany, seed: 2026 })
}
