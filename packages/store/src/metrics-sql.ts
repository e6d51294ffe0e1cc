import type { Row } from './connection.ts'
import { enoughSamples, type Metrics, type Quantile } from './metrics.ts'

/** Percentiles by column of `views`. */
const percentiles = {
  lcp: 0.75,
  inp: 0.75,
  cls: 0.75,
  fcp: 0.75,
  ttfb: 0.75,
  load: 0.75,
  engaged_ms: 0.5,
  scroll_depth: 0.5,
} as const
type Measure = keyof typeof percentiles

const counters = [
  'assets_complete',
  'assets_failed',
  'bytes_peer',
  'bytes_seed',
  'bytes_mirror',
  'bytes_origin',
  'bytes_cache',
  'wrong_bytes',
  'rejected_chunks',
  'dropped_peers',
  'fallbacks',
  'uploaded',
] as const
type Counter = (typeof counters)[number]

const measures = Object.keys(percentiles) as Measure[]

/** Aggregates over rows of `views`, to be read by {@link metricsColumns}. */
export const metricsAggregates = [
  'count() AS view_count',
  'countIf(assets_complete + assets_failed > 0) AS asking_views',
  'countIf(assets_complete > 0 AND assets_failed = 0) AS successful_views',
  ...counters.map((counter) => `sum(${counter}) AS total_${counter}`),
  // groupArray leaves NULL out: unmeasured views are no samples.
  `[${measures.map((measure) => `groupArray(${measure})`).join(', ')}] AS samples`,
].join(',\n  ')

/**
 * Columns over a row of {@link metricsAggregates}, to be read by {@link readMetrics}.
 * `quantiles` has (n, [value, low, high]) for each measure: the order statistics at p and at p ± 1.96·sqrt(p(1-p)/n),
 * ranks rounded up and kept within the data (Conover, Practical Nonparametric Statistics, section 3.2:
 * distribution-free interval of a quantile). One expression for all: spelled out for each, it takes the engine
 * 0.1 s to analyse.
 */
export const metricsColumns = [
  'view_count',
  'asking_views',
  'successful_views',
  ...counters.map((counter) => `total_${counter}`),
  `arrayMap(
    (sorted, p) -> (length(sorted), arrayMap(
      share -> sorted[toUInt64(greatest(1, least(toFloat64(length(sorted)), ceil(length(sorted) * share))))],
      arrayMap(z -> p + z * sqrt(p * (1 - p) / greatest(length(sorted), 1)), [0, -1.96, 1.96])
    )),
    arrayMap(values -> arraySort(values), samples),
    [${measures.map((measure) => percentiles[measure].toFixed(2)).join(', ')}]
  ) AS quantiles`,
].join(',\n  ')

/** The metrics in a row of {@link metricsColumns}. */
export function readMetrics(row: Row): Metrics {
  // A sum past 2^53 takes thousands of forged beacons; it must not make the whole report unreadable.
  const total = (counter: Counter) => Math.min(Number(row[`total_${counter}`]), Number.MAX_SAFE_INTEGER)
  const bytes = {
    peer: total('bytes_peer'),
    seed: total('bytes_seed'),
    mirror: total('bytes_mirror'),
    origin: total('bytes_origin'),
    cache: total('bytes_cache'),
  }
  const complete = total('assets_complete')
  return {
    views: Number(row['view_count']),
    reliability: {
      assetSuccess: ratio(complete, complete + total('assets_failed')),
      viewSuccess: ratio(Number(row['successful_views']), Number(row['asking_views'])),
      wrongBytes: total('wrong_bytes'),
      rejectedChunks: total('rejected_chunks'),
      droppedPeers: total('dropped_peers'),
      fallbacks: total('fallbacks'),
    },
    speed: {
      lcp: readQuantile(row, 'lcp'),
      inp: readQuantile(row, 'inp'),
      cls: readQuantile(row, 'cls'),
      fcp: readQuantile(row, 'fcp'),
      ttfb: readQuantile(row, 'ttfb'),
      load: readQuantile(row, 'load'),
    },
    delivery: {
      peerHitRatio: ratio(bytes.peer, bytes.peer + bytes.seed + bytes.mirror + bytes.origin + bytes.cache),
      bytes,
      uploaded: total('uploaded'),
    },
    engagement: {
      engagedMs: readQuantile(row, 'engaged_ms'),
      scrollDepth: readQuantile(row, 'scroll_depth'),
    },
  }
}

function readQuantile(row: Row, measure: Measure): Quantile | null {
  const quantiles = row['quantiles'] as readonly [number, readonly [number, number, number]][]
  const quantile = quantiles[measures.indexOf(measure)]
  if (quantile === undefined) throw new TypeError(`the engine answered no ${measure}`)
  const [samples, [value, low, high]] = quantile
  if (samples === 0) return null
  return { p: percentiles[measure], value, low, high, samples, enough: samples >= enoughSamples }
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** The metrics of no views at all. */
export const noMetrics: Metrics = readMetrics({
  view_count: 0,
  asking_views: 0,
  successful_views: 0,
  ...Object.fromEntries(counters.map((counter) => [`total_${counter}`, 0])),
  quantiles: measures.map(() => [0, [0, 0, 0]]),
})
