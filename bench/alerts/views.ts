import { seededRandom } from '@peerpress/swarm/simulation'
import { type Burning, ours, PageRules, plain } from './page-rules.ts'
import { poisson } from './poisson.ts'

/** The objective of the bench: 99.5 %. */
const target = 0.995
/** Views that fail while the site uses half its error budget, ratio 0-1. */
const usualFailures = (1 - target) / 2

export interface ViewsOptions {
  readonly viewsPerHour: number
  readonly seed: number
}

/** Simulates days at half the error budget. Returns whether each rule set paged, which is false each time. */
export function pagesFalsely(
  { viewsPerHour, seed }: ViewsOptions,
  days: number,
): { readonly ours: boolean; readonly plain: boolean } {
  const views = usualViews({ viewsPerHour, seed })
  const rules = new PageRules(target)
  const paged = { ours: false, plain: false }
  for (let minute = 0; minute < days * 24 * 60; minute++) {
    const { total, failed } = views()
    rules.add(total, failed)
    paged.ours ||= failed > 0 && rules.isPaging(ours)
    paged.plain ||= failed > 0 && rules.isPaging(plain)
    if (paged.ours && paged.plain) break
  }
  return paged
}

/**
 * Simulates an outage in which every view fails and is reported, after a usual day. Returns the minutes from its begin until
 * the rules page, at evaluations on whole minutes.
 */
export function minutesToPage({ viewsPerHour, seed }: ViewsOptions, burning: Burning = ours): number {
  const views = usualViews({ viewsPerHour, seed })
  const random = seededRandom(seed + 0x10_0000)
  const rules = new PageRules(target)
  for (let minute = 0; minute < 24 * 60; minute++) {
    const { total, failed } = views()
    rules.add(total, failed)
  }
  // The outage begins within the first minute.
  const begin = random()
  for (let minute = 0; ; minute++) {
    const share = minute === 0 ? 1 - begin : 1
    const before = poisson(random, ((1 - share) * viewsPerHour) / 60)()
    const failed = poisson(random, (share * viewsPerHour) / 60)()
    rules.add(before + failed, failed)
    if (rules.isPaging(burning)) return minute + 1 - begin
  }
}

/** Returns a generator of a minute's views. */
function usualViews({ viewsPerHour, seed }: ViewsOptions): () => { total: number; failed: number } {
  const random = seededRandom(seed)
  const good = poisson(random, (viewsPerHour / 60) * (1 - usualFailures))
  const bad = poisson(random, (viewsPerHour / 60) * usualFailures)
  return () => {
    const failed = bad()
    return { total: failed + good(), failed }
  }
}
