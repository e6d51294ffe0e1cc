import fc from 'fast-check'
import { arms, devices, encodeViewRow, rowTime, type ViewRow } from './view-row.ts'

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
const noDelivery = delivery.map(
  (fields) => Object.fromEntries(Object.keys(fields).map((key) => [key, 0])) as typeof fields,
)

/** Ids that hold a time (version 7), of hours in the range and before it, and some that do not (version 4). */
function viewOf(n: number): string {
  if (n % 4 === 0) return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
  const time = (start + ((n % 7) - 2) * hour).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${String(n).padStart(12, '0')}`
}

/** Snapshots of few views, so that they meet each other: same view, same number, other content, other times. */
export const rowArbitrary: fc.Arbitrary<ViewRow> = fc
  .record({
    site: fc.constantFrom(...sites),
    view: fc.nat(40).map(viewOf),
    sequence: fc.integer({ min: 1, max: 3 }),
    started: fc.integer({ min: -hour, max: 5 * hour }),
    delay: fc.integer({ min: 0, max: 10_000_000 }),
    post: maybe(fc.constantFrom('1', '2', "it's")),
    arm: fc.constantFrom(...arms),
    country: maybe(fc.constantFrom('NL', 'JP', 'BR')),
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
      noDelivery.map((fields) => ({ ...fields, has_delivery: false })),
    ),
    engaged_ms: fc.oneof(fc.nat(12_000), fc.constant(10_000), fc.nat(600_000)),
    scroll_depth: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ started, delay, vitals, attribution, delivery: delivered, ...row }) => ({
    ...row,
    ...vitals,
    ...attribution,
    ...delivered,
    started_at: rowTime(start + started),
    received_at: rowTime(start + started + delay),
    url: 'https://example.com/',
    navigation: 'navigate',
  }))

export function ndjson(rows: readonly ViewRow[]): Buffer {
  return Buffer.from(rows.map((row) => `${encodeViewRow(row)}\n`).join(''))
}

/** The same rows at every run. */
export function sampleRows(howMany: number): ViewRow[] {
  return fc.sample(rowArbitrary, { numRuns: howMany, seed: 2026 })
}
