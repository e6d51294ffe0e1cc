import type { BenchRow } from '@peerpress/cli'
import { medianInterval, percentile, spreadOf } from '../median.ts'
import type { Link } from './network.ts'
import type { View } from './reader.main.ts'

/** A view with and without PeerPress, one soon after the other, and the bytes that came over the link. */
export type Pair = Readonly<Record<'with' | 'without', View & { readonly bytes: number }>>

/** What the pairs over a link say. */
export function rowsOf({ name }: Link, pairs: readonly Pair[]): BenchRow[] {
  return [
    ...ratio('LCP', ({ lcp }) => lcp, 1.02),
    ...ratio('load', ({ load }) => load),
    loadTail(),
    blocked(),
    ...ratio('bytes received', ({ bytes }) => bytes),
  ].map((row) => ({ ...row, metric: `${name}: ${row.metric}` }))

  function ratio(what: string, figure: (view: Pair['with']) => number, target?: number): BenchRow[] {
    const unit = what.startsWith('bytes') ? '' : ', ms'
    const ours = spreadOf(pairs.map((pair) => figure(pair.with)))
    const theirs = spreadOf(pairs.map((pair) => figure(pair.without)))
    const ratios = pairs.map((pair) => figure(pair.with) / figure(pair.without))
    const { median } = spreadOf(ratios)
    return [
      {
        metric: `${what}${unit}, median`,
        ...against(ours.median, theirs.median),
        spread: { ours: ours.range, theirs: theirs.range },
      },
      {
        metric: `${what} ÷ without, median of ${pairs.length} pairs (95 % interval)`,
        ...alone(median),
        ...(target === undefined ? {} : { target: `≤ ${target} ×`, met: median <= target }),
        spread: { ours: medianInterval(ratios) },
      },
    ]
  }

  function loadTail(): BenchRow {
    const tail = (side: 'with' | 'without') =>
      percentile(
        pairs.map((pair) => pair[side].load),
        0.95,
      )
    const row = against(tail('with'), tail('without'))
    return { metric: 'load, ms, p95', ...row, target: '≤ 1.05 ×', met: (row.ratio ?? Infinity) <= 1.05 }
  }

  // Most pages without PeerPress block nothing: there is no ratio to zero.
  function blocked(): BenchRow {
    const added = pairs.map((pair) => pair.with.blocked - pair.without.blocked)
    const metric = 'blocking time added, ms, median of pairs (95 % interval)'
    return { metric, ...alone(spreadOf(added).median), spread: { ours: medianInterval(added) } }
  }
}

function against(ours: number, theirs: number): Omit<BenchRow, 'metric'> {
  return {
    ours,
    against: 'same page without PeerPress',
    theirs,
    ratio: ours / theirs,
    target: null,
    met: null,
  }
}

function alone(ours: number): Omit<BenchRow, 'metric'> {
  return { ours, against: null, theirs: null, ratio: null, target: null, met: null }
}
