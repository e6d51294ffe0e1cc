import type { Metrics } from '../model/catalogue/catalogue.ts'
import { speed as speedGroup } from '../model/catalogue/speed.ts'
import type { Quantile } from '../model/values.ts'
import { noMetrics } from './read-metrics.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { breakdown, totals } from './report.ts'
import type { ReportSource } from '../rollup/rollups-or-views.ts'

/** A percentile minus that of a baseline, with its 95 % interval. */
export interface Difference {
  /** Below 0: it is lower than the baseline's. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Views that measured it. */
  readonly samples: number
  readonly baselineSamples: number
  /** Whether both have enough samples to trust the interval. */
  readonly enough: boolean
  /** Whether there are enough samples and the interval excludes 0: chance alone does not explain the difference. */
  readonly conclusive: boolean
}

/** Assisted readers against the control arm, which a draw left on the origin. */
export interface Experiment {
  readonly assisted: Metrics
  readonly control: Metrics
  readonly speed: SpeedDifference
}

/** Differences of 75th percentiles, in the unit of each; null where one side has no sample. */
export type SpeedDifference = Readonly<Record<keyof Metrics['speed'], Difference | null>>

/** A range against the one of the same length right before it. */
export interface Comparison {
  readonly previous: Metrics
  readonly speed: SpeedDifference
}

/** Compares the arms of a query. A filter by arm is ignored, because it would leave nothing to compare with. */
export async function experiment(source: ReportSource, query: ReportQuery): Promise<Experiment> {
  const rows = await breakdown(source, withoutArm(query), { by: 'arm', limit: 10 })
  const of = (arm: string) => rows.find(({ key }) => key === arm)?.metrics ?? noMetrics
  const assisted = of('assisted')
  const control = of('control')
  return { assisted, control, speed: speedDifference(assisted.speed, control.speed) }
}

/** Returns the query without any condition on the arm. */
function withoutArm(query: ReportQuery): ReportQuery {
  const where = query.filter?.where?.filter(({ by }) => by !== 'arm')
  return { ...query, filter: { ...query.filter, arm: undefined, where } }
}

/** Compares a query's range with the one before it. */
export async function comparison(source: ReportSource, query: ReportQuery): Promise<Comparison> {
  const length = query.to.getTime() - query.from.getTime()
  const from = new Date(Math.max(0, query.from.getTime() - length))
  const [present, previous] = await Promise.all([
    totals(source, query),
    from < query.from ? totals(source, { ...query, from, to: query.from }) : noMetrics,
  ])
  return { previous, speed: speedDifference(present.speed, previous.speed) }
}

function speedDifference(speed: Metrics['speed'], baseline: Metrics['speed']): SpeedDifference {
  const names = Object.keys(speedGroup.members) as (keyof Metrics['speed'])[]
  return Object.fromEntries(
    names.map((name) => [name, difference(speed[name], baseline[name])]),
  ) as SpeedDifference
}

/**
 * Returns the difference of two independent percentiles. Its interval follows from theirs by the method of variance estimates
 * recovery (Zou and Donner, Statistics in Medicine 27, 2008, equation 3). The method assumes no distribution, and the interval
 * may be as asymmetric as theirs.
 */
export function difference(quantile: Quantile | null, baseline: Quantile | null): Difference | null {
  if (quantile === null || baseline === null) return null
  const value = quantile.value - baseline.value
  const low = value - Math.hypot(quantile.value - quantile.low, baseline.high - baseline.value)
  const high = value + Math.hypot(quantile.high - quantile.value, baseline.value - baseline.low)
  const enough = quantile.enough && baseline.enough
  return {
    value,
    low,
    high,
    samples: quantile.samples,
    baselineSamples: baseline.samples,
    enough,
    conclusive: enough && (low > 0 || high < 0),
  }
}
