import { gzipSync } from 'node:zlib'
import type { BenchRow } from '@peerpress/cli'
import { spreadOf } from '../median.ts'
import type { Sdk } from './sdks.ts'
import type { MainThread } from './trace.ts'

/** One round: the page with each SDK, at the same slowdown. */
export interface Round {
  readonly slowdown: number
  /** By the SDK's name. */
  readonly taken: ReadonlyMap<string, MainThread>
}

/** ms of a task, beyond which a page is late to answer its reader: https://w3c.github.io/longtasks/ */
const longTask = 50
/** gzip bytes */
const budget = 9728

/** Ours is the first of the SDKs; each of the others is a row beside it. */
export function rowsOf([ours, ...theirs]: readonly Sdk[], rounds: readonly Round[]): BenchRow[] {
  if (!ours) return []
  const slowdowns = [...new Set(rounds.map(({ slowdown }) => slowdown))]
  return [
    ...theirs.map((rival) => ({
      metric: 'gzip bytes',
      ...against(gzipped(ours), rival.name, gzipped(rival)),
      target: `≤ ${budget.toLocaleString('en')}`,
      met: gzipped(ours) <= budget,
    })),
    ...slowdowns.flatMap((slowdown) => {
      const some = rounds.filter((round) => round.slowdown === slowdown)
      const processor = slowdown === 1 ? '' : `, processor ${slowdown} × slower`
      return [
        ...theirs.map((rival) => total(some, rival, `main-thread time, ms, median${processor}`)),
        ...theirs.map((rival) => longest(some, rival, `longest task, ms, median${processor}`)),
      ]
    }),
  ]

  function total(some: readonly Round[], rival: Sdk, metric: string): BenchRow {
    return compared(some, rival, metric, ({ taken }, name) => of(taken, name).total)
  }

  function longest(some: readonly Round[], rival: Sdk, metric: string): BenchRow {
    const row = compared(some, rival, metric, ({ taken }, name) => of(taken, name).longest)
    const worst = row.spread?.ours[1] ?? Infinity
    return { ...row, target: `≤ ${longTask}, all rounds`, met: worst <= longTask }
  }

  function compared(
    some: readonly Round[],
    rival: Sdk,
    metric: string,
    figure: (round: Round, name: string) => number,
  ): BenchRow {
    const [mine, its] = [ours as Sdk, rival].map(({ name }) =>
      spreadOf(some.map((round) => figure(round, name))),
    )
    if (!mine || !its) throw new Error('no figures')
    return {
      metric,
      ...against(mine.median, rival.name, its.median),
      spread: { ours: mine.range, theirs: its.range },
    }
  }
}

function of(taken: Round['taken'], name: string): MainThread {
  const thread = taken.get(name)
  if (!thread) throw new Error(`${name} was not measured`)
  return thread
}

function against(ours: number, rival: string, theirs: number): Omit<BenchRow, 'metric'> {
  return { ours, against: rival, theirs, ratio: ours / theirs, target: null, met: null }
}

function gzipped({ code }: Sdk): number {
  return gzipSync(code, { level: 9 }).length
}
