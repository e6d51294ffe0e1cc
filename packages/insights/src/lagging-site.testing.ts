import { addWeeks, encodeViewRow, rowTime, type Store, type ViewRow, weekStart } from '@peerpress/store'
import { countriesTable, daysTable, exportZip } from './search-export/export.testing.ts'

/** The region whose visits fall in the last four weeks, and whose pages are slow. */
export const laggingCountry = 'FR'

/** Weekly visits from search engines by country; the last country's visits fall. */
const weeklyVisits: Readonly<Record<string, number>> = {
  DE: 60,
  GB: 50,
  IT: 45,
  ES: 40,
  [laggingCountry]: 55,
}
const fall = 0.45
const recentWeeks = 4
const weeks = 28
const dayMs = 86_400_000

/** A site to seed. */
export interface LaggingSite {
  readonly site: string
  /** Epoch ms. The last complete week before it is the last of the seeded ones. */
  readonly now: number
  /** Whether pages load slower in the lagging region. @default true */
  readonly isSlow?: boolean
  /** The posts that are read, in turn. @default three posts of garden.example */
  readonly posts?: readonly SeededPost[]
}

/** A post that seeded views are of. */
export interface SeededPost {
  readonly post: string
  readonly url: string
}

const gardenPosts: readonly SeededPost[] = ['101', '102', '103'].map((post) => ({
  post,
  url: `https://garden.example/post-${post}/`,
}))

/**
 * Inserts views from search engines of 28 weeks, of which one region lags and is slower than the others. They are inserted as
 * the collector inserts them, because it refuses reports that are older than a week.
 */
export async function seedLaggingSite(store: Pick<Store, 'insertViews'>, of: LaggingSite): Promise<void> {
  const { site, now, isSlow: isSlowThere = true, posts = gardenPosts } = of
  const end = weekStart(now)
  const rows = Array.from({ length: weeks }, (_, i) => i - weeks).flatMap((week) =>
    Object.entries(weeklyVisits).flatMap(([country, visits], place) => {
      const isLow = country === laggingCountry && week >= -recentWeeks
      const count = Math.round(visits * deviation(week * 7 + place * 3) * (isLow ? 1 - fall : 1))
      const isSlow = isSlowThere && country === laggingCountry
      return Array.from({ length: count }, (_, i) =>
        viewOf({
          site,
          country,
          at: addWeeks(end, week) + (i / count) * 7 * dayMs,
          number: i,
          isSlow,
          of: posts[i % posts.length] as SeededPost,
        }),
      )
    }),
  )
  const lines = rows.map((row) => `${encodeViewRow(row)}\n`).join('')
  await store.insertViews(Buffer.from(lines), `seeded ${site}`)
}

/** Returns Search Console's exports of the same weeks: in the lagging region impressions fell to a quarter. */
export function laggingSiteExports(now: number): {
  readonly recent: Uint8Array
  readonly earlier: Uint8Array
} {
  const end = weekStart(now)
  const day = (week: number) => new Date(addWeeks(end, week)).toISOString().slice(0, 10)
  const table = (days: number, share: number) =>
    countriesTable([
      ['Germany', 8 * days, 200 * days, 6.1],
      ['United Kingdom', 7 * days, 180 * days, 7.2],
      ['France', Math.round(8 * days * share), Math.round(240 * days * share), share < 1 ? 14.8 : 5.4],
    ])
  const zip = (firstWeek: number, days: number, share: number) =>
    exportZip({ 'Countries.csv': table(days, share), 'Chart.csv': daysTable(day(firstWeek), days) })
  return { recent: zip(-recentWeeks, 28, 0.25), earlier: zip(-weeks, 168, 1) }
}

/** Returns a deviation around 1 that repeats and differs between weeks and countries. */
function deviation(n: number): number {
  const pattern = [1.05, 0.96, 1.02, 0.93, 1.08, 0.99, 0.97, 1.01, 0.95, 1.04, 1]
  return pattern[((n % pattern.length) + pattern.length) % pattern.length] ?? 1
}

interface SeededView {
  readonly site: string
  readonly country: string
  /** Epoch ms. */
  readonly at: number
  readonly number: number
  readonly isSlow: boolean
  readonly of: SeededPost
}

function viewOf({ site, country, at, number, isSlow, of: { post, url } }: SeededView): ViewRow {
  const time = Math.floor(at).toString(16).padStart(12, '0')
  const place = (country.charCodeAt(0) * 256 + country.charCodeAt(1)).toString(16).padStart(4, '0')
  return {
    ...plainView,
    site,
    view: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${place}${number.toString(16).padStart(8, '0')}`,
    started_at: rowTime(at),
    received_at: rowTime(at + 5000),
    post,
    url,
    country,
    lcp: (isSlow ? 3900 : 1400) + (number % 20) * 25,
    inp: 40 + (number % 10) * 8,
    cls: 0.01,
    engaged_ms: 20_000 + (number % 15) * 1000,
  }
}

/** A visit from a search engine that measured nothing else. */
export const plainView = {
  sequence: 1,
  arm: 'ineligible',
  device: 'desktop',
  browser: 'Firefox',
  navigation: 'navigate',
  referrer: 'www.google.com',
  referrer_class: 'search',
  search_engine: 'Google',
  assistant: null,
  campaign_source: null,
  campaign_medium: null,
  campaign_name: null,
  campaign_term: null,
  campaign_content: null,
  session: null,
  landing: null,
  connection: null,
  fcp: null,
  ttfb: null,
  load: null,
  lcp_target: null,
  lcp_url: null,
  lcp_time_to_first_byte: null,
  lcp_resource_load_delay: null,
  lcp_resource_load_duration: null,
  lcp_element_render_delay: null,
  inp_target: null,
  inp_input_delay: null,
  inp_processing_duration: null,
  inp_presentation_delay: null,
  cls_target: null,
  has_delivery: false,
  assets_complete: 4,
  assets_failed: 0,
  bytes_peer: 0,
  bytes_seed: 0,
  bytes_mirror: 0,
  bytes_origin: 100_000,
  bytes_cache: 0,
  wrong_bytes: 0,
  rejected_chunks: 0,
  dropped_peers: 0,
  fallbacks: 0,
  peers: 0,
  uploaded: 0,
  scroll_depth: 0.6,
  sampling: 1,
} as const satisfies Partial<ViewRow>
