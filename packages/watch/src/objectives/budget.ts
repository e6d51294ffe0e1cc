import type { Registry } from '@peerpress/registry'
import type { MetricPath, Reports } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { lcpTally, loadTally } from '../evaluation/read-measured.ts'
import type { Tally } from '../rules/burn-rate.ts'
import type { Objective } from './objective.ts'

/** What an objective counts. */
export const measures = ['probes', 'views'] as const
export type Measure = (typeof measures)[number]

/** How much of an objective's error budget the last 30 days have used. */
export interface Budget extends Tally {
  readonly measure: Measure
  /** 1 - failures ÷ allowed failures: 1 for none, 0 for all that are allowed, negative beyond. Null without an event. */
  readonly left: number | null
}

const spanMs = 30 * 86_400_000

/**
 * Reads the budgets of an objective, one for each measure. Rejects with a `StoreError` while the store does not answer.
 * @param now ms since the Unix epoch
 */
export async function readBudgets(
  sources: { readonly reports: Pick<Reports, 'totals'>; readonly registry: Pick<Registry, 'probeOutcomes'> },
  { site, kind, target }: Pick<Objective, 'kind' | 'target'> & { readonly site: SiteId },
  now: number,
): Promise<readonly Budget[]> {
  const { reports, registry } = sources
  const range = { from: new Date(now - spanMs), to: new Date(now) }
  const budget = (measure: Measure, { total, failed }: Tally): Budget => ({
    measure,
    total,
    failed,
    // Rounded, because 1 - 0.995 is not exactly 0.005.
    left: total === 0 ? null : Math.round(1e9 * (1 - failed / total / (1 - target))) / 1e9,
  })
  const totals = (metrics: readonly MetricPath[]) => reports.totals({ site, ...range, metrics })
  if (kind === 'lcp') return [budget('views', lcpTally(await totals(['ratings.lcp'])))]
  const [views, probes] = await Promise.all([
    totals(['reliability.viewsWithAssets', 'reliability.viewsWithoutFailure']),
    registry.probeOutcomes.count(site, { kind: 'http', ...range }),
  ])
  return [
    budget('probes', { total: probes.probes, failed: probes.failures }),
    budget('views', loadTally(views)),
  ]
}
