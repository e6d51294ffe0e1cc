import type { AskedParts } from './asked-parts.ts'
import type { Row } from './connection.ts'
import { type Measure, measureNames, measures, ratedVitals, type RatedVital } from './measures.ts'
import { enoughSamples, type Metrics, type Quantile } from './metrics.ts'
import { binError, valueOfBin } from './rollup/log-bins.ts'
import { figureNames, viewFigures } from './view-figures.ts'

/** What is asked of the engine for metrics: aggregates over rows, and columns over the row of these. */
export interface MetricsSelection {
  readonly aggregates: string
  readonly columns: string
}

/** Steps from a percentile to the ends of its interval, in standard errors. */
const steps = [0, -1.96, 1.96]

/**
 * SQL of a rank among `n`: of the percentile p, or of an end of its interval p ± 1.96·sqrt(p(1-p)/n), rounded up and kept
 * within the data (Conover, Practical Nonparametric Statistics, section 3.2: distribution-free interval of a quantile).
 */
const rank = (n: string, step: number): string =>
  `toUInt64(greatest(1, least(toFloat64(${n}), ceil(${n} * (p + ${step} * sqrt(p * (1 - p) / greatest(${n}, 1)))))))`

/**
 * Metrics over rows of `snapshots`, to be read by {@link readMetrics}. `quantiles` has (n, [value, low, high]) for each
 * measure. One expression for all: spelled out for each, it takes the engine 0.1 s to analyse.
 */
export function ofViews({ figures, measures: measured }: AskedParts): MetricsSelection {
  return selection({
    figures,
    sums: figures.map((figure) => `sum(${viewFigures[figure]}) AS ${figure}`),
    // groupArray leaves NULL out: unmeasured views are no samples.
    samples: measured.map((measure) => `groupArray(${measure})`),
    quantiles: `arrayMap(
    (sorted, p) -> (length(sorted), [${steps.map((step) => `sorted[${rank('length(sorted)', step)}]`).join(', ')}]),
    arrayMap(values -> arraySort(values), samples),
    ${percentiles(measured)}
  )`,
  })
}

/**
 * As {@link ofViews}, over rows of `pieces`, which have a column for each figure and each measure's bins. A bin and how
 * many are in it travel as one number, bin in the upper bits, so that they are sorted together. Each rank is written out:
 * an inner `arrayMap` over them would copy the bins for each.
 */
export function ofPieces({ figures, measures: measured }: AskedParts): MetricsSelection {
  return selection({
    figures,
    sums: figures.map((figure) => `sum(pieces.${figure}) AS ${figure}`),
    samples: measured.map(
      (measure) =>
        `groupArrayArray(arrayMap((bin, views) -> bitShiftLeft(toUInt64(bin), 32) + views, pieces.${measure}_bins, pieces.${measure}_views))`,
    ),
    quantiles: `arrayMap(
    (sorted, upTo, p, scale) -> (upTo[-1], arrayMap(
      bin -> ${valueOfBin('bin')} / scale,
      [${steps.map((step) => `bitShiftRight(sorted[arrayFirstIndex(views -> views >= ${rank('upTo[-1]', step)}, upTo)], 32)`).join(', ')}])),
    arrayMap(packed -> arraySort(packed), samples) AS ordered,
    arrayMap(packed -> arrayCumSum(arrayMap(both -> bitAnd(both, 4294967295), packed)), ordered),
    ${percentiles(measured)},
    [${measured.map((measure) => measures[measure].scale).join(', ')}]
  )`,
  })
}

interface SelectionParts {
  readonly figures: readonly string[]
  readonly sums: readonly string[]
  readonly samples: readonly string[]
  readonly quantiles: string
}

function selection({ figures, sums, samples, quantiles }: SelectionParts): MetricsSelection {
  const isMeasured = samples.length > 0
  return {
    aggregates: [...sums, ...(isMeasured ? [`[${samples.join(', ')}] AS samples`] : [])].join(',\n  '),
    columns: [...figures, ...(isMeasured ? [`${quantiles} AS quantiles`] : [])].join(',\n  '),
  }
}

const percentiles = (measured: readonly Measure[]): string =>
  `[${measured.map((measure) => measures[measure].p.toFixed(2)).join(', ')}]`

/** What a row has percentiles of, in this order, and whether they are of bins. */
interface Measured {
  readonly measures: readonly Measure[]
  readonly binned: boolean
}

/** The metrics in a row of {@link ofViews}, or of {@link ofPieces} when `binned`. */
export function readMetrics(row: Row, read: Measured): Metrics {
  const figure = (name: string): number => {
    if (row[name] === undefined) throw new TypeError(`${name} was not asked for`)
    return Number(row[name])
  }
  // A sum past 2^53 takes thousands of forged beacons; it must not make the whole report unreadable.
  const total = (column: string) => Math.min(figure(`total_${column}`), Number.MAX_SAFE_INTEGER)
  const quantile = (measure: Measure) => readQuantile(row, measure, read)
  const rating = (vital: RatedVital) => {
    const good = figure(`${vital}_good`)
    const poor = figure(`${vital}_poor`)
    const samples = quantile(vital)?.samples
    return samples === undefined ? null : { good, needsImprovement: samples - good - poor, poor }
  }
  return {
    views: figure('view_count'),
    estimatedViews: figure('estimated_views'),
    get reliability() {
      const complete = total('assets_complete')
      return {
        errorFree: ratio(figure('error_free_views'), figure('listening_views')),
        assetSuccess: ratio(complete, complete + total('assets_failed')),
        viewSuccess: ratio(figure('successful_views'), figure('asking_views')),
        fallback: ratio(figure('fallback_views'), figure('assisted_views')),
        wrongChunk: ratio(figure('rejecting_views'), figure('helped_views')),
        stall: ratio(figure('standing_ms'), figure('playing_ms') + figure('standing_ms')),
        stalls: figure('stall_count'),
        wrongBytes: total('wrong_bytes'),
        rejectedChunks: total('rejected_chunks'),
        droppedPeers: total('dropped_peers'),
        fallbacks: total('fallbacks'),
      }
    },
    speed: lazily(['lcp', 'inp', 'cls', 'fcp', 'ttfb', 'load'], quantile),
    ratings: lazily(ratedVitals, rating),
    get apdex() {
      return ratio(figure('lcp_good') + figure('tolerated_views') / 2, quantile('lcp')?.samples ?? 0)
    },
    get delivery() {
      const bytes = {
        peer: total('bytes_peer'),
        seed: total('bytes_seed'),
        mirror: total('bytes_mirror'),
        origin: total('bytes_origin'),
        cache: total('bytes_cache'),
      }
      return {
        peerHitRatio: ratio(bytes.peer, figure('shareable_bytes')),
        bytes,
        uploaded: total('uploaded'),
        fairness: ratio(figure('given_bytes') ** 2, figure('giving_views') * figure('given_squares')),
      }
    },
    engagement: {
      get engagedMs() {
        return quantile('engaged_ms')
      },
      get scrollDepth() {
        return quantile('scroll_depth')
      },
    },
  }
}

/** An object whose values are made when they are read: those that were not asked for throw then, and only then. */
function lazily<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value,
): Readonly<Record<Name, Value>> {
  const values = {}
  for (const name of names)
    Object.defineProperty(values, name, { enumerable: true, get: () => valueOf(name) })
  return values as Readonly<Record<Name, Value>>
}

/** @throws {TypeError} when it was not asked for */
function readQuantile(row: Row, measure: Measure, { measures: measured, binned }: Measured): Quantile | null {
  const quantiles = row['quantiles'] as
    readonly (readonly [number | string, readonly [number, number, number]])[] | undefined
  const quantile = quantiles?.[measured.indexOf(measure)]
  if (quantile === undefined) throw new TypeError(`no percentile of ${measure} was asked for`)
  const [counted, [value, low, high]] = quantile
  const samples = Number(counted)
  if (samples === 0) return null
  const error = binned ? binError : 0
  return { p: measures[measure].p, value, low, high, samples, enough: samples >= enoughSamples, error }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** The metrics of no views at all. */
export const noMetrics: Metrics = readMetrics(
  {
    ...Object.fromEntries(figureNames.map((figure) => [figure, 0])),
    quantiles: measureNames.map(() => [0, [0, 0, 0]]),
  },
  { measures: measureNames, binned: false },
)
