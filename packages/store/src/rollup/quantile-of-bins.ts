import { ranksOf } from '../model/quantile-ranks.ts'
import { lowerEdge, upperEdge } from './log-bins.ts'

/** How many views are in each bin: of all bins, or of those around a percentile and the ends of its interval. */
export interface BinnedViews {
  /** The bins that have views, rising. */
  readonly bins: readonly number[]
  /** How many views are below each of these bins, and last how many there are up to the end of the last one. */
  readonly below: readonly number[]
  /** Views in all bins. */
  readonly samples: number
}

/** What is known of values before any was measured; in units of the bins. */
export interface ValueLimits {
  /** No value is above it. */
  readonly max?: number | undefined
  /** Browsers round values to multiples of it. */
  readonly step?: number | undefined
}

/** A percentile and the ends of its 95 % interval. */
export interface QuantileValues {
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * Returns a percentile of binned values with its 95 % interval: the values at the ranks that the exact percentile and
 * its interval have, each interpolated within its bin. So the ends are those of Woodruff's interval, which inverts the
 * estimated distribution at p ± 1.96 standard errors of p (Woodruff, Confidence intervals for medians and other position
 * measures, JASA 47, 1952). Each is in the bin of the exact value, whatever the distribution is.
 */
export function quantileOfBins(views: BinnedViews, p: number, limits: ValueLimits = {}): QuantileValues {
  const step = limits.step !== undefined && areInSteps(views, limits.step) ? limits.step : undefined
  const [value, low, high] = ranksOf(views.samples, p).map((rank) =>
    valueAt(views, rank, { ...limits, step }),
  )
  return { value: value ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN }
}

/** The value of the `rank`th view, from 1 on. */
function valueAt(views: BinnedViews, rank: number, { max = Infinity, step }: ValueLimits): number {
  const { bins, below } = views
  const i = below.findLastIndex((count) => count < rank)
  const bin = bins[i] ?? Number.NaN
  const from = lowerEdge(bin)
  const to = Math.max(from, Math.min(upperEdge(bin), max))
  // The views of a bin stand in the middles of equal shares of it, so that a single one is in the middle.
  const share = (rank - (below[i] ?? 0) - 0.5) / viewsOf(views, i)
  const isWhole = from >= 1 && to === upperEdge(bin)
  const position = isWhole ? positionOf(share, slopeIn(views, i)) : share
  if (step !== undefined && hasMultiple(bin, step)) {
    const first = Math.ceil(from / step)
    const count = Math.ceil(to / step) - first
    return (first + Math.floor(position * count)) * step
  }
  // Values below 1 are not told apart.
  return from < 1 ? to / 2 : from * (to / from) ** position
}

function viewsOf({ below }: BinnedViews, i: number): number {
  return (below[i + 1] ?? 0) - (below[i] ?? 0)
}

/**
 * How much the density rises over a bin, as a ratio of its mean. The density of the logarithm is taken as a line in each
 * bin whose slope is that of the neighbours, limited so that the density is nowhere below 0 and no higher than a
 * neighbour's mean at the edge (van Leer, Towards the ultimate conservative difference scheme IV, J. Comput. Phys. 23,
 * 1977, equation 66). A constant density would be off by up to 0.4 standard errors at two million views.
 */
function slopeIn(views: BinnedViews, i: number): number {
  const { bins } = views
  const bin = bins[i] ?? Number.NaN
  // The bin below 1 is of another width.
  if (bin <= 2) return 0
  const here = viewsOf(views, i)
  const fall = here - (bins[i - 1] === bin - 1 ? viewsOf(views, i - 1) : 0)
  const rise = (bins[i + 1] === bin + 1 ? viewsOf(views, i + 1) : 0) - here
  if (fall * rise <= 0) return 0
  return (
    (Math.sign(rise) * Math.min(Math.abs(fall + rise) / 2, 2 * Math.abs(fall), 2 * Math.abs(rise))) / here
  )
}

/** Where in a bin, 0-1, this share of its views is below, when the density is 1 + slope · (position - 1/2). */
function positionOf(share: number, slope: number): number {
  const start = 1 - slope / 2
  return (2 * share) / (start + Math.sqrt(start ** 2 + 2 * slope * share))
}

/** Views that must be missing between the steps, so that they are no accident (e^-20). */
const missingViews = 20
/** Ratio of these that may be there: old browsers do not round. */
const strayViews = 0.05

/** Whether values are multiples of a step: bins without a multiple are as good as empty among those that have one. */
function areInSteps(views: BinnedViews, step: number): boolean {
  const { bins } = views
  let on = 0
  let off = 0
  for (const [i, bin] of bins.entries()) {
    if (hasMultiple(bin, step)) on += viewsOf(views, i)
    else off += viewsOf(views, i)
  }
  let binsOn = 0
  let binsOff = 0
  for (let bin = bins[0] ?? 0; bin <= (bins.at(-1) ?? -1); bin++) {
    if (hasMultiple(bin, step)) binsOn++
    else binsOff++
  }
  const expected = (on * binsOff) / binsOn
  return binsOn > 0 && expected >= missingViews && off <= expected * strayViews
}

function hasMultiple(bin: number, step: number): boolean {
  return bin === 0 || Math.ceil(upperEdge(bin) / step) > Math.max(1, Math.ceil(lowerEdge(bin) / step))
}
