import type { BenchRow } from '@peerpress/cli'
import { percentile } from '../median.ts'
import type { CrowdResult } from './crowd.ts'
import { type FluidCrowd, fairShareTimes } from '../simulate/post/fair-share.ts'
import { type Crowd, crowdLimit } from './limit.ts'

/** A crowd that was run once or several times, each time with other arrivals. */
export interface CrowdRun {
  /** Begins every metric of it. */
  readonly name: string
  /** One for each run. */
  readonly crowds: readonly Crowd[]
  /** bytes of the post that are seen without scrolling */
  readonly aboveFold: number
  readonly ours: readonly CrowdResult[]
  readonly rivals: Readonly<Record<string, readonly CrowdResult[]>>
  readonly targets: CrowdTargets
}

/** What a crowd must reach. */
export interface CrowdTargets {
  /** 95th percentile ÷ that of the fluid limit. */
  readonly limit?: number
  /** 95th percentile ÷ that of the fair share at goodput. */
  readonly fairShare?: number
  /** Share of the media bytes below the fold that did not come from the origin. */
  readonly offload?: number
}

/** Shares of a link's rate that carry content when all headers are taken off: measured on HTTP and on data channels. */
const goodput = { http: 0.95, peer: 0.9 }

/** Returns what a crowd came to, beside both limits and beside each rival. The readers of all runs are pooled. */
export function rowsOf({ name, crowds, aboveFold, ours, rivals, targets }: CrowdRun): BenchRow[] {
  const readers = crowds[0]?.arrivals.length ?? 0
  const figures = [
    { metric: 'p50, s', of: (runs: readonly CrowdResult[]) => percentile(timesOf(runs), 0.5) / 1000 },
    { metric: 'p95, s', of: (runs: readonly CrowdResult[]) => percentile(timesOf(runs), 0.95) / 1000 },
    {
      metric: 'origin, media bytes',
      of: (runs: readonly CrowdResult[]) => mean(runs, ({ origin }) => origin.media),
    },
    {
      metric: 'CPU seconds of all readers',
      of: (runs: readonly CrowdResult[]) => mean(runs, ({ cpu }) => cpu),
    },
    {
      metric: 'memory of a reader, MiB',
      of: (runs: readonly CrowdResult[]) =>
        percentile(
          runs.flatMap(({ memory }) => memory),
          0.5,
        ) /
        2 ** 20,
    },
  ]
  return [
    ...limitRows(),
    ...fairShareRows(),
    offloadRow(),
    ...Object.entries(rivals).flatMap(([rival, theirs]) =>
      figures.map(({ metric, of }) => against(metric, of(ours), [rival, of(theirs)])),
    ),
    ...Object.entries({ PeerPress: ours, ...rivals }).map(([side, runs]) =>
      alone(`processors busy while readers of ${side} waited, %`, 100 * mean(runs, ({ busy }) => busy)),
    ),
  ].map((row) => ({ ...row, metric: `${name}: ${row.metric}` }))

  function limitRows(): BenchRow[] {
    return [0.5, 0.95, 1].map((share) => {
      const limit = mean(crowds, (crowd) => crowdLimit(crowd, Math.ceil(share * readers)))
      const row = against(metricAt(share), percentile(timesOf(ours), share) / 1000, [
        'fluid limit',
        limit / 1000,
      ])
      return share === 0.95 ? held(row, targets.limit) : row
    })
  }

  function fairShareRows(): BenchRow[] {
    const times = crowds.flatMap((crowd, run) => fairShareTimes(fluidOf(crowd, ours[run])))
    return [0.5, 0.95].map((share) => {
      const least = percentile(times, share) / 1000
      const row = against(metricAt(share), percentile(timesOf(ours), share) / 1000, [
        'fair share at goodput',
        least,
      ])
      return share === 0.95 ? held(row, targets.fairShare) : row
    })
  }

  function offloadRow(): BenchRow {
    const offload = mean(ours, ({ origin }, run) => {
      const below = ((crowds[run]?.size ?? 0) - aboveFold) * readers
      return 1 - (origin.media - origin.aboveFold) / below
    })
    const row = alone('offload of media below the fold, %', 100 * offload)
    if (targets.offload === undefined) return row
    return { ...row, target: `≥ ${100 * targets.offload}`, met: offload >= targets.offload }
  }
}

/** The crowd as fluids: headers are taken off, and what the origin alone gave is what it was measured to give. */
function fluidOf({ arrivals, size, originUp, up, down }: Crowd, result: CrowdResult | undefined): FluidCrowd {
  const fold = (result?.origin.aboveFold ?? 0) / arrivals.length
  return {
    arrivals,
    fromOrigin: arrivals.map(() => fold),
    fromAnyone: arrivals.map(() => size - fold),
    originUp: originUp * goodput.http,
    up: up * goodput.peer,
    down: down * goodput.http,
  }
}

function timesOf(runs: readonly CrowdResult[]): number[] {
  return runs.flatMap(({ times }) => times)
}

function mean<Item>(items: readonly Item[], of: (item: Item, place: number) => number): number {
  return items.reduce((sum, item, place) => sum + of(item, place), 0) / items.length
}

function metricAt(share: number): string {
  return share === 1 ? 'the last, s' : `p${100 * share}, s`
}

function held(row: BenchRow, most: number | undefined): BenchRow {
  return most === undefined ? row : { ...row, target: `≤ ${most} ×`, met: (row.ratio ?? Infinity) <= most }
}

function against(metric: string, ours: number, [rival, theirs]: readonly [string, number]): BenchRow {
  return { metric, ours, against: rival, theirs, ratio: ours / theirs, target: null, met: null }
}

function alone(metric: string, ours: number): BenchRow {
  return { metric, ours, against: null, theirs: null, ratio: null, target: null, met: null }
}
