import type { Connection } from './connection.ts'
import type { Metrics, Quantile } from './metrics.ts'
import { noMetrics } from './metrics-sql.ts'
import type { Question } from './question.ts'
import { breakdown } from './report.ts'

/** Assisted minus control, of a percentile, with its 95 % interval. */
export interface Difference {
  /** Below 0: the assisted readers' percentile is lower. */
  readonly value: number
  readonly low: number
  readonly high: number
  /** Views that measured it, in each arm. */
  readonly samples: { readonly assisted: number; readonly control: number }
  /** Whether both arms have samples enough to believe the interval. */
  readonly enough: boolean
  /** Whether there are enough and the interval leaves 0 out: chance alone is no explanation. */
  readonly conclusive: boolean
}

/** Readers that were helped against those that were kept on the origin by a draw. */
export interface Experiment {
  readonly assisted: Metrics
  readonly control: Metrics
  /** 75th percentiles, in the unit of each; null where an arm has no sample. */
  readonly speed: Readonly<Record<keyof Metrics['speed'], Difference | null>>
}

/** Compares the arms of a question; a filter by arm is not heeded, for it would leave nothing to compare with. */
export async function experiment(connection: Connection, question: Question): Promise<Experiment> {
  const rows = await breakdown(
    connection,
    { ...question, filter: { ...question.filter, arm: undefined } },
    { by: 'arm', limit: 10 },
  )
  const of = (arm: string) => rows.find(({ key }) => key === arm)?.metrics ?? noMetrics
  const assisted = of('assisted')
  const control = of('control')
  const compare = (vital: keyof Metrics['speed']) => difference(assisted.speed[vital], control.speed[vital])
  return {
    assisted,
    control,
    speed: {
      lcp: compare('lcp'),
      inp: compare('inp'),
      cls: compare('cls'),
      fcp: compare('fcp'),
      ttfb: compare('ttfb'),
      load: compare('load'),
    },
  }
}

/**
 * The difference of two independent percentiles. Its interval is made of theirs by the method of variance estimates
 * recovery (Zou and Donner, Statistics in Medicine 27, 2008, equation 3), which takes no distribution for granted and
 * lets the interval be as lopsided as theirs are.
 */
export function difference(assisted: Quantile | null, control: Quantile | null): Difference | null {
  if (assisted === null || control === null) return null
  const value = assisted.value - control.value
  const low = value - Math.hypot(assisted.value - assisted.low, control.high - control.value)
  const high = value + Math.hypot(assisted.high - assisted.value, control.value - control.low)
  const enough = assisted.enough && control.enough
  return {
    value,
    low,
    high,
    samples: { assisted: assisted.samples, control: control.samples },
    enough,
    conclusive: enough && (low > 0 || high < 0),
  }
}
