import { rowTime, type ViewRow } from '@peerpress/store'
import { seededRandom } from '@peerpress/swarm/simulation'

/** Parts of the world with their share of readers and how far they are from the origin, ms of LCP. */
const countries = [
  { code: 'FR', weight: 30, lcp: 1150 },
  { code: 'DE', weight: 22, lcp: 1280 },
  { code: 'BR', weight: 16, lcp: 2300 },
  { code: 'IN', weight: 12, lcp: 2650 },
  { code: 'JP', weight: 9, lcp: 1900 },
  { code: 'US', weight: 7, lcp: 1500 },
  { code: null, weight: 4, lcp: 1700 },
] as const
const posts = ['101', '102', '103', '104', null] as const

/** The elements of the LCP, in turn. */
const targets = ['main>figure>img.hero', 'article>h1', null] as const
const pictures = [
  'https://garden.example/wp-content/uploads/2026/05/tulips-in-the-first-light-of-may.jpg',
  'https://garden.example/wp-content/uploads/roses.webp',
] as const

/** How readers came, in turn. */
const referrals = [
  { referrer_class: 'direct', search_engine: null, assistant: null },
  { referrer_class: 'search', search_engine: 'Google', assistant: null },
  { referrer_class: 'search', search_engine: 'Bing', assistant: null },
  { referrer_class: 'social', search_engine: null, assistant: null },
  { referrer_class: 'search', search_engine: 'Google', assistant: null },
  { referrer_class: 'assistant', search_engine: null, assistant: 'ChatGPT' },
] as const

/** `count` views of a site over the month before `now`, more of them lately; the same for the same arguments. */
export function sampleViews(site: string, count: number, now: number): ViewRow[] {
  const random = seededRandom(7)
  return Array.from({ length: count }, (_, i) => {
    const country = pick(countries, random())
    const age = random() ** 3 * 29 * 86_400_000 + 60_000
    const started = now - age
    const post = posts[Math.floor(random() ** 1.6 * posts.length)] ?? null
    const assets = post === null ? 0 : 4 + Math.floor(random() * 9)
    const bytes = assets * (180_000 + Math.floor(random() * 240_000))
    const isControl = post !== null && i % 8 === 5
    const shared = Math.floor(bytes * Math.min(0.95, 0.35 + random() * 0.6) * (age < 10 * 86_400_000 ? 1 : 0.4))
    // A reader that the draw left on the origin has nothing from others.
    const peer = isControl ? 0 : shared
    const seed = isControl ? 0 : Math.floor((bytes - peer) * 0.15)
    const cache = Math.floor((bytes - peer - seed) * random() * 0.4)
    const mirror = isControl ? 0 : Math.floor((bytes - peer - seed - cache) * 0.1)
    const failed = random() < 0.01 && assets > 0 ? 1 : 0
    return {
      site,
      view: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      sequence: 1,
      started_at: rowTime(started),
      received_at: rowTime(started + 30_000),
      url: 'https://garden.example/',
      post,
      arm: isControl ? 'control' : 'assisted',
      country: country.code,
      subdivision: country.code === 'FR' ? ['FR-IDF', 'FR-OCC', null][i % 3]! : null,
      device: random() < 0.6 ? 'mobile' : 'desktop',
      browser: 'Chrome',
      navigation: 'navigate',
      referrer: null,
      ...referrals[i % referrals.length]!,
      campaign_source: null,
      campaign_medium: null,
      campaign_name: null,
      campaign_term: null,
      campaign_content: null,
      session: null,
      landing: null,
      connection: '4g',
      lcp: random() < 0.04 ? null : Math.round(country.lcp * (0.55 + random() * 0.9)),
      inp: random() < 0.3 ? null : Math.round(40 + random() * 160),
      cls: Math.round(random() * 100) / 1000,
      fcp: Math.round(country.lcp * 0.6),
      ttfb: Math.round(country.lcp * 0.2),
      load: Math.round(country.lcp * 1.4),
      lcp_target: targets[i % targets.length] ?? null,
      lcp_url: i % targets.length === 2 ? null : pictures[i % pictures.length]!,
      lcp_time_to_first_byte: null,
      lcp_resource_load_delay: null,
      lcp_resource_load_duration: null,
      lcp_element_render_delay: null,
      inp_target: i % 2 === 0 ? '#menu>button.open' : 'form.search>input',
      inp_input_delay: null,
      inp_processing_duration: null,
      inp_presentation_delay: null,
      cls_target: i % 3 === 0 ? 'main>aside.advert' : null,
      has_delivery: post !== null,
      assets_complete: assets - failed,
      assets_failed: failed,
      bytes_peer: peer,
      bytes_seed: seed,
      bytes_mirror: mirror,
      bytes_origin: bytes - peer - seed - cache - mirror,
      bytes_cache: cache,
      wrong_bytes: 0,
      rejected_chunks: i % 97 === 0 ? 1 : 0,
      dropped_peers: i % 97 === 0 ? 1 : 0,
      fallbacks: 0,
      peers: Math.floor(random() * 6),
      uploaded: Math.floor(peer * random()),
      engaged_ms: Math.round(8000 + random() ** 2 * 160_000),
      scroll_depth: Math.round((0.2 + random() * 0.8) * 100) / 100,
      // Two browsers in three report long frames.
      ...(i % 3 !== 0 && {
        long_frames: i % 5,
        long_frames_duration: (i % 5) * 72,
        long_frames_blocking: (i % 5) * 22,
      }),
      // One reader in six plays something, one in four of these waits in between.
      ...(i % 6 === 0 && {
        played_ms: 60_000,
        stalled_ms: i % 24 === 0 ? 1500 : 0,
        stalls: i % 24 === 0 ? 1 : 0,
      }),
    }
  })
}

function pick<Item extends { readonly weight: number }>(items: readonly Item[], at: number): Item {
  let left = at * items.reduce((sum, { weight }) => sum + weight, 0)
  return items.find(({ weight }) => (left -= weight) < 0) ?? items[0]!
}
