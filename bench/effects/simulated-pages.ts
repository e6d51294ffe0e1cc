import { drawHalves, type PagePeriods } from '@peerpress/editorial'

/** Pages whose visits are drawn at random, half of them changed. */
export interface SimulatedPages {
  readonly pages: number
  /** How much the change adds to a page's visits, ratio. */
  readonly effect: number
  /** Standard deviation of the logarithm of the pages' sizes. */
  readonly spread: number
  /** Standard deviation of the logarithm of a page's own growth between the periods. */
  readonly trend: number
}

const days = 28
/** Visits of the median page in a day. */
const median = 6
/** A day's deviation from its expectation: standard deviation, and correlation with the day before. */
const noise = { deviation: 0.3, autocorrelation: 0.5 } as const
/** What the whole site grows between the periods, ratio: a season, which both halves share. */
const season = 1.15

/** Draws the pages, halves them as the product does, and draws what they had before and after. */
export function drawPages({ pages, effect, spread, trend }: SimulatedPages, random: () => number) {
  const sizes = Array.from({ length: pages }, () => median * Math.exp(spread * normal(random)))
  const ranked = sizes.map((size, i) => ({ post: String(i), visits: poisson(size * days, random) }))
  const { changed, waiting } = drawHalves(ranked, random)
  const periods = (post: string, growth: number): PagePeriods => {
    const size = sizes[Number(post)] ?? 0
    const own = Math.exp(trend * normal(random))
    return { before: visitsOf(size, random), after: visitsOf(size * season * own * growth, random) }
  }
  return {
    changed: changed.map((post) => periods(post, 1 + effect)),
    waiting: waiting.map((post) => periods(post, 1)),
  }
}

/** The visits of one period: noise of days as a first-order autoregressive process, and the noise of counting. */
function visitsOf(perDay: number, random: () => number): number {
  let deviation = normal(random)
  let visits = 0
  for (let day = 0; day < days; day++) {
    visits += poisson(perDay * Math.max(0, 1 + noise.deviation * deviation), random)
    deviation = noise.autocorrelation * deviation + Math.sqrt(1 - noise.autocorrelation ** 2) * normal(random)
  }
  return visits
}

/** Draws a Poisson number: by products of uniform numbers (Knuth, TAOCP 3.4.1), and from 60 on by its normal limit. */
function poisson(mean: number, random: () => number): number {
  if (mean >= 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = random(); product > limit; product *= random()) count++
  return count
}

/** Returns a standard normal number (Box and Muller, Ann. Math. Stat. 29, 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
