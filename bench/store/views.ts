import type { Device, ViewRow } from '@peerpress/store'
import { rowTime } from '@peerpress/store'

/** The site that all views are of. */
export const site = 'bench00000000000'
const month = 30 * 86_400_000
/** The 30 days that the views are spread over. */
export const range = { from: new Date(Date.UTC(2026, 4, 1)), to: new Date(Date.UTC(2026, 4, 1) + month) }

const countries = [
  'US',
  'IN',
  'BR',
  'DE',
  'FR',
  'GB',
  'JP',
  'NL',
  'ES',
  'IT',
  'PL',
  'CA',
  'MX',
  'ID',
  'NG',
  'AU',
]
const devices: readonly Device[] = ['mobile', 'mobile', 'mobile', 'desktop', 'desktop', 'tablet']
const browsers = ['Chrome', 'Safari', 'Chrome', 'Edge', 'Firefox']
const connections = ['4g', '4g', '4g', '3g', null]
const searchEngines = ['Google', 'Google', 'Google', 'Bing', 'DuckDuckGo']

/** A part of the range: where it begins, and how long it is; 1 is the whole range. */
interface Part {
  readonly from: number
  readonly length: number
}

/**
 * The `index`th view, the same at every run: posts and countries by Zipf, traffic by the hour of the day, vitals
 * log-normal with a heavy tail and slower in some countries, 15 % control, some things not measured.
 * @param part the part of the range in which it starts, from 0 to 1
 */
export function viewAt(index: number, part: Part = { from: 0, length: 1 }): ViewRow {
  const random = generator(index)
  const country = countries[zipf(random(), countries.length)] ?? null
  const started = startOf(random, part)
  const lcp = 900 * (1 + countries.indexOf(country ?? '') / 10) * logNormal(random, 0.55)
  const assets = 4 + Math.floor(random() * 9)
  const arm = random() < 0.1 ? 'ineligible' : random() < 0.15 ? 'control' : 'assisted'
  const bytes = Math.floor(assets * 200_000 * logNormal(random, 0.6))
  const peer = arm === 'assisted' ? Math.floor(bytes * random()) : 0
  const post = zipf(random(), 2000)
  const isSearch = random() < 0.4
  const unless = (share: number, value: number) => (random() < share ? null : value)
  const ttfb = Math.round(lcp * 0.2)
  const shown = Math.round(lcp * 0.4)
  return {
    site,
    view: viewId(started, index, random),
    sequence: 1 + Math.floor(random() * 3),
    started_at: rowTime(started),
    received_at: rowTime(started + 1000 + Math.floor(random() * 300_000)),
    url: `https://garden.example/${post}`,
    post: String(post),
    arm,
    country,
    device: devices[Math.floor(random() * devices.length)] ?? null,
    browser: browsers[zipf(random(), browsers.length)] ?? null,
    navigation: 'navigate',
    referrer: isSearch ? 'www.google.com' : null,
    referrer_class: isSearch ? 'search' : 'direct',
    search_engine: isSearch ? (searchEngines[Math.floor(random() * searchEngines.length)] ?? null) : null,
    assistant: null,
    campaign_source: null,
    campaign_medium: null,
    campaign_name: null,
    campaign_term: null,
    campaign_content: null,
    session: null,
    landing: null,
    connection: connections[Math.floor(random() * connections.length)] ?? null,
    lcp: unless(0.05, Math.round(lcp)),
    inp: unless(0.3, 8 * Math.round(10 * logNormal(random, 0.8))),
    cls: unless(0.05, random() < 0.5 ? 0 : Math.round(500 * logNormal(random, 1)) / 10_000),
    fcp: unless(0.04, Math.round(lcp * 0.6)),
    ttfb: unless(0.02, ttfb),
    load: unless(0.1, Math.round(lcp * 1.4)),
    lcp_target: 'main>figure>img',
    lcp_url: `https://garden.example/media/${post}.jpg`,
    lcp_time_to_first_byte: ttfb,
    lcp_resource_load_delay: Math.round(lcp * 0.1),
    lcp_resource_load_duration: shown,
    lcp_element_render_delay: Math.round(lcp * 0.3),
    inp_target: null,
    inp_input_delay: null,
    inp_processing_duration: null,
    inp_presentation_delay: null,
    cls_target: null,
    has_delivery: true,
    assets_complete: assets,
    assets_failed: random() < 0.005 ? 1 : 0,
    bytes_peer: peer,
    bytes_seed: 0,
    bytes_mirror: 0,
    bytes_origin: bytes - peer,
    bytes_cache: 0,
    wrong_bytes: 0,
    rejected_chunks: 0,
    dropped_peers: 0,
    fallbacks: random() < 0.02 ? 1 : 0,
    peers: arm === 'assisted' ? Math.floor(random() * 12) : 0,
    uploaded: arm === 'assisted' ? Math.floor(peer * random() * 2) : 0,
    engaged_ms: Math.round(9000 * logNormal(random, 1.2)),
    scroll_depth: Math.round(random() * 1000) / 1000,
  }
}

/** More views in the evening than at night: hours are drawn again in proportion to how quiet they are. */
function startOf(random: () => number, { from, length }: Part): number {
  for (;;) {
    const offset = Math.floor((from + random() * length) * month)
    const hour = (offset / 3_600_000) % 24
    if (random() < 0.55 + 0.45 * Math.sin(((hour - 13) / 24) * 2 * Math.PI))
      return range.from.getTime() + offset
  }
}

/** A rank from 0, as often as 1 ÷ (rank + 1), nearly: the inverse of the continuous distribution. */
function zipf(random: number, ranks: number): number {
  return Math.min(ranks - 1, Math.floor((ranks + 1) ** random - 1))
}

/** Median 1 (Box and Muller 1958). */
function logNormal(random: () => number, sigma: number): number {
  return Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()))
}

/** Version 7, as the SDK makes them. Its last 32 bits are another for each index: what is drawn for two may be the same. */
function viewId(now: number, index: number, random: () => number): string {
  const time = now.toString(16).padStart(12, '0')
  const digits = (count: number) =>
    Math.floor(random() * 16 ** count)
      .toString(16)
      .padStart(count, '0')
  const own = (Math.imul(index, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits(3)}-8${digits(3)}-${digits(4)}${own}`
}

/** mulberry32, seeded by the view's number. */
function generator(index: number): () => number {
  let state = Math.imul(index + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
