import type { BenchRow } from '@peerpress/cli'
import { percentile } from '../median.ts'
import type { CrowdResult } from './crowd.ts'
import { type Crowd, crowdLimit } from './limit.ts'

/** A crowd that was run, and what it was of. */
export interface CrowdRun {
  /** Begins every metric of it. */
  readonly name: string
  readonly crowd: Crowd
  /** bytes of the post that are seen without scrolling */
  readonly aboveFold: number
  readonly ours: CrowdResult
  readonly rivals: Readonly<Record<string, CrowdResult>>
  /** Whether it is held to the targets. */
  readonly isHeld: boolean
}

const targetRatio = 1.25
const targetOffload = 0.8

/** What a crowd came to, beside the limit and beside each rival. */
export function rowsOf({ name, crowd, aboveFold, ours, rivals, isHeld }: CrowdRun): BenchRow[] {
  const readers = crowd.arrivals.length
  const below = (crowd.size - aboveFold) * readers
  const offload = ({ origin }: CrowdResult) => 1 - (origin.media - origin.aboveFold) / below
  const figures = [
    { metric: 'p50, s', of: ({ times }: CrowdResult) => percentile(times, 0.5) / 1000 },
    { metric: 'p95, s', of: ({ times }: CrowdResult) => percentile(times, 0.95) / 1000 },
    { metric: 'origin, media bytes', of: ({ origin }: CrowdResult) => origin.media },
    { metric: 'CPU seconds of all readers', of: ({ cpu }: CrowdResult) => cpu },
    { metric: 'memory of a reader, MiB', of: ({ memory }: CrowdResult) => percentile(memory, 0.5) / 2 ** 20 },
  ]
  return [
    ...limitRows(),
    offloadRow(),
    ...Object.entries(rivals).flatMap(([rival, theirs]) =>
      figures.map(({ metric, of }) => against(metric, of(ours), [rival, of(theirs)])),
    ),
    ...Object.entries({ PeerPress: ours, ...rivals }).map(([who, { busy }]) =>
      alone(`processors busy, whoever by, while readers of ${who} waited, %`, 100 * busy),
    ),
  ].map((row) => ({ ...row, metric: `${name}: ${row.metric}` }))

  function limitRows(): BenchRow[] {
    const rows = [0.5, 0.95, 1].map((share) => {
      const limit = crowdLimit(crowd, Math.ceil(share * readers))
      const metric = share === 1 ? 'the last, s' : `p${100 * share}, s`
      return against(metric, percentile(ours.times, share) / 1000, ['fluid limit', limit / 1000])
    })
    const [median, tail, last] = rows as [BenchRow, BenchRow, BenchRow]
    if (!isHeld) return rows
    const met = (tail.ratio ?? Infinity) <= targetRatio
    return [median, { ...tail, target: `≤ ${targetRatio} ×`, met }, last]
  }

  function offloadRow(): BenchRow {
    const row = alone('offload of media below the fold, %', 100 * offload(ours))
    if (!isHeld) return row
    return { ...row, target: `≥ ${100 * targetOffload}`, met: offload(ours) >= targetOffload }
  }
}

function against(metric: string, ours: number, [rival, theirs]: readonly [string, number]): BenchRow {
  return { metric, ours, against: rival, theirs, ratio: ours / theirs, target: null, met: null }
}

function alone(metric: string, ours: number): BenchRow {
  return { metric, ours, against: null, theirs: null, ratio: null, target: null, met: null }
}
