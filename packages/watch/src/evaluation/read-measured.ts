import type { ObjectiveKind, ProbeMinute, Registry } from '@peerpress/registry'
import type { MetricPath, Metrics, SeriesPoint, Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { Tally } from '../rules/burn-rate.ts'
import type { Measured } from '../rules/judge-budget.ts'
import type { Timeline } from '../rules/timeline.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** The series of the metrics that a site's objectives count. */
export interface ViewSeries {
  /** The last 6 hours. */
  readonly minutes: readonly SeriesPoint[]
  /** The last 3 days. */
  readonly hours: readonly SeriesPoint[]
}

const texts = {
  loads: { noun: 'views', failure: 'had a failed load' },
  lcp: { noun: 'views', failure: 'had a largest contentful paint that is not good (more than 2.5 s)' },
  probes: { noun: 'probes', failure: 'failed' },
} as const

/** Metrics that the objectives count. */
const metrics: readonly MetricPath[] = [
  'reliability.viewsWithAssets',
  'reliability.viewsWithoutFailure',
  'ratings.lcp',
]

/**
 * Reads the views of some sites by two queries. Rejects with a `StoreError` while the store does not answer.
 * @param now ms since the Unix epoch
 */
export async function readViews(
  store: Pick<Store, 'seriesOfSites'>,
  sites: readonly SiteId[],
  now: number,
): Promise<(site: SiteId) => ViewSeries> {
  const ranges = rangesAt(now)
  if (sites.length === 0) return () => ({ minutes: [], hours: [] })
  const [minutes, hours] = await Promise.all([
    store.seriesOfSites({ sites, ...ranges.minutes, metrics }, 'MINUTE'),
    store.seriesOfSites({ sites, ...ranges.hours, metrics }, 'HOUR'),
  ])
  return (site) => ({ minutes: minutes.get(site) ?? [], hours: hours.get(site) ?? [] })
}

/**
 * Reads the probes of a site, and returns them with its views as the events of its objectives.
 * @param now ms since the Unix epoch
 */
export async function readMeasured(
  registry: Pick<Registry, 'probeOutcomes'>,
  site: SiteId,
  { minutes, hours, now }: ViewSeries & { readonly now: number },
): Promise<Readonly<Record<ObjectiveKind, readonly Measured[]>>> {
  const probes = await registry.probeOutcomes.minutes(site, { kind: 'http', ...rangesAt(now).hours })
  const views = (tally: (of: Metrics) => Tally) => ({
    minutes: timelineOf(minutes, minuteMs, tally),
    hours: timelineOf(hours, hourMs, tally),
  })
  return {
    availability: [
      { ...texts.probes, ...probeTimelines(probes) },
      { ...texts.loads, ...views(loadTally) },
    ],
    lcp: [{ ...texts.lcp, ...views(lcpTally) }],
  }
}

/** Returns the views that requested assets, and those of them that missed one. */
export function loadTally({ reliability }: Metrics): Tally {
  const { viewsWithAssets: total, viewsWithoutFailure } = reliability
  return { total, failed: total - viewsWithoutFailure }
}

/** Returns the views that measured their largest contentful paint, and those of them whose paint was not good. */
export function lcpTally({ ratings: { lcp } }: Metrics): Tally {
  if (lcp === null) return { total: 0, failed: 0 }
  const failed = lcp.needsImprovement + lcp.poor
  return { total: lcp.good + failed, failed }
}

function rangesAt(now: number) {
  const to = new Date(now)
  return {
    minutes: { from: startOf(now - 6 * hourMs, minuteMs), to },
    hours: { from: startOf(now - 72 * hourMs, hourMs), to },
  }
}

function startOf(at: number, interval: number): Date {
  return new Date(Math.floor(at / interval) * interval)
}

function timelineOf(
  points: readonly SeriesPoint[],
  intervalMs: number,
  tally: (of: Metrics) => Tally,
): Timeline {
  return {
    intervalMs,
    points: points.map(({ start, metrics: of }) => ({ start: start.getTime(), ...tally(of) })),
  }
}

function probeTimelines(probes: readonly ProbeMinute[]): Pick<Measured, 'minutes' | 'hours'> {
  const minutes = probes.map(({ start, probes: total, failures: failed }) => ({
    start: start.getTime(),
    total,
    failed,
  }))
  const hours = new Map<number, { start: number; total: number; failed: number }>()
  for (const { start, total, failed } of minutes) {
    const hour = Math.floor(start / hourMs) * hourMs
    const sum = hours.get(hour) ?? { start: hour, total: 0, failed: 0 }
    hours.set(hour, { start: hour, total: sum.total + total, failed: sum.failed + failed })
  }
  return {
    minutes: { intervalMs: minuteMs, points: minutes },
    hours: { intervalMs: hourMs, points: [...hours.values()] },
  }
}
