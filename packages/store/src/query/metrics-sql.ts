import type { AskedParts } from '../model/asked-parts.ts'
import type { Row } from '../engine/connection.ts'
import {
  type Measure,
  type MeasureFacts,
  measureNames,
  measures,
  ratedVitals,
  type RatedVital,
} from '../model/measures.ts'
import { enoughSamples, type Metrics, type Quantile } from '../model/metrics.ts'
import { ranksIn } from '../model/quantile-ranks.ts'
import { binError } from '../rollup/log-bins.ts'
import { quantileOfBins, type QuantileValues } from '../rollup/quantile-of-bins.ts'
import { figureNames, viewFigures } from '../model/view-figures.ts'

/** What is asked of the engine for metrics: aggregates over rows, and columns over the row of these. */
export interface MetricsSelection {
  readonly aggregates: string
  /** Expressions with a name that columns are made of. */
  readonly steps: readonly string[]
  readonly columns: string
}

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
    (sorted, p) -> (length(sorted), [${ranksIn('length(sorted)', 'p')
      .map((rank) => `sorted[${rank}]`)
      .join(', ')}]),
    arrayMap(values -> arraySort(values), samples),
    ${percentiles(measured)}
  )`,
  })
}

/**
 * As {@link ofViews}, over rows of `pieces`, which have a column for each figure and each measure's bins. `quantiles` has
 * (n, bins, below) for each measure, to be read by {@link quantileOfBins}: the bins from the lower to the upper end of
 * the percentile's interval, and some at both sides.
 *
 * A bin and how many are in it travel as one number, bin in the upper bits, so that they are sorted together. No lambda
 * over a long array captures another array, which would be copied for each element; so there are many short steps.
 */
export function ofPieces({ figures, measures: measured }: AskedParts): MetricsSelection {
  const [, low = '', high = ''] = ranksIn('n', 'p')
  const binAtRank = 'bitShiftRight(sorted[arrayFirstIndex(views -> views >= rank, up_to)], 32)'
  const arounds = `[${measured.map((measure) => ('step' in measures[measure] ? binsAroundSteps : 1)).join(', ')}]`
  return selection({
    figures,
    sums: figures.map((figure) => `sum(pieces.${figure}) AS ${figure}`),
    samples: measured.map(
      (measure) =>
        `groupArrayArray(arrayMap((bin, views) -> bitShiftLeft(toUInt64(bin), 32) + views, pieces.${measure}_bins, pieces.${measure}_views))`,
    ),
    steps: [
      'arrayMap(packed -> arraySort(packed), samples) AS ordered',
      'arrayMap(sorted -> arrayCumSum(arrayMap(packed -> bitAnd(packed, 4294967295), sorted)), ordered) AS counted',
      'arrayMap(up_to -> up_to[-1], counted) AS counts',
      `arrayMap(
    (sorted, up_to, rank, around) -> bitShiftLeft(greatest(${binAtRank}, around) - around, 32),
    ordered, counted, arrayMap((n, p) -> ${low}, counts, ${percentiles(measured)}), ${arounds}) AS from_bins,
  arrayMap(
    (sorted, up_to, rank, around) -> bitShiftLeft(${binAtRank} + around + 1, 32),
    ordered, counted, arrayMap((n, p) -> ${high}, counts, ${percentiles(measured)}), ${arounds}) AS to_bins`,
      `arrayMap((sorted, from) -> greatest(1, arrayFirstIndex(packed -> packed >= from, sorted)), ordered, from_bins) AS firsts,
  arrayMap((sorted, to) -> arrayLastIndex(packed -> packed < to, sorted), ordered, to_bins) AS lasts`,
      `arrayMap(
    (sorted, first, last) -> arrayMap(packed -> bitShiftRight(packed, 32), arraySlice(sorted, first, last - first + 1)),
    ordered, firsts, lasts) AS near_bins,
  arrayMap(
    (up_to, first, last) -> arrayPushFront(arraySlice(up_to, first, last - first + 1), up_to[first - 1]),
    counted, firsts, lasts) AS near_counts`,
    ],
    quantiles: `arrayMap(
    (n, bins, up_to) -> (n, arrayCompact(bins), arrayPushBack(
      arrayFilter(
        (below, bin, previous) -> bin != previous,
        arrayPopBack(up_to), bins, arrayPopBack(arrayPushFront(bins, 65535))),
      up_to[-1])),
    counts, near_bins, near_counts)`,
  })
}

/** Bins at both sides of an interval in which steps are looked for; they span a factor of two. */
const binsAroundSteps = 36

interface SelectionParts {
  readonly figures: readonly string[]
  readonly sums: readonly string[]
  readonly samples: readonly string[]
  readonly steps?: readonly string[]
  readonly quantiles: string
}

function selection({ figures, sums, samples, steps = [], quantiles }: SelectionParts): MetricsSelection {
  const isMeasured = samples.length > 0
  return {
    aggregates: [...sums, ...(isMeasured ? [`[${samples.join(', ')}] AS samples`] : [])].join(',\n  '),
    steps: isMeasured ? steps : [],
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
  const quantiles = row['quantiles'] as readonly (readonly [Count, ...unknown[]])[] | undefined
  const quantile = quantiles?.[measured.indexOf(measure)]
  if (quantile === undefined) throw new TypeError(`no percentile of ${measure} was asked for`)
  const samples = Number(quantile[0])
  if (samples === 0) return null
  const { p } = measures[measure]
  const { value, low, high } = binned
    ? fromBins(quantile as BinsRow, measure)
    : fromRanks(quantile as RanksRow)
  return { p, value, low, high, samples, enough: samples >= enoughSamples, error: binned ? binError : 0 }
}

/** The engine writes a long integer as text. */
type Count = number | string
type RanksRow = readonly [n: Count, values: readonly [number, number, number]]
type BinsRow = readonly [n: Count, bins: readonly Count[], below: readonly Count[]]

function fromRanks([, [value, low, high]]: RanksRow): QuantileValues {
  return { value, low, high }
}

function fromBins([n, bins, below]: BinsRow, measure: Measure): QuantileValues {
  const { p, scale, ...limits }: MeasureFacts = measures[measure]
  const views = { samples: Number(n), bins: bins.map(Number), below: below.map(Number) }
  const { value, low, high } = quantileOfBins(views, p, limits)
  return { value: value / scale, low: low / scale, high: high / scale }
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
