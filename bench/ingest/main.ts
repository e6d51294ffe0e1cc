import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchRow } from '@peerpress/cli'
import { type Child, startChild } from '../child.ts'
import { type Spread, spreadOf } from '../median.ts'
import { printReport } from '../print-report.ts'
import type { Usage } from '../usage.ts'
import type { Load, LoadResult } from './load.main.ts'

// Our server and the floor, loaded by the same client in turns: what the machine does to one round it does to both.
const isQuick = process.argv.includes('--quick')
const rounds = isQuick ? 1 : 5
const seconds = isQuick ? 1 : 5
const connections = isQuick ? 8 : 64

const directory = await mkdtemp(join(tmpdir(), 'peerpress-bench-ingest-'))
const profile = process.argv.includes('--profile') ? ['--cpu-prof', `--cpu-prof-dir=${process.cwd()}`] : []
const ours = startChild(new URL('ours.main.ts', import.meta.url), profile)
const floor = startChild(new URL('floor.main.ts', import.meta.url))
const client = startChild(new URL('load.main.ts', import.meta.url))
try {
  const [oursAt, floorAt] = await Promise.all([
    ours.ask<Address>({ directory: join(directory, 'ours') }),
    floor.ask<Address>({ directory }),
  ])
  const servers = [
    { ...oursAt, process: ours },
    { ...floorAt, process: floor },
  ]
  // Compiled code, warm caches, an open segment.
  for (const server of servers) await load(server, null)

  const full = await inTurns(() => null)
  const capacities = full.map((results) => spreadOf(results.map(({ rate }) => rate)))
  const half = await inTurns((index) => (capacities[index]?.median ?? 0) / 2)
  const delays = half.map((results) => spreadOf(results.map(({ p99 }) => p99)))
  const efficiency = full.map((results) => spreadOf(results.map(({ perCpuSecond }) => perCpuSecond)))
  const rateRow = row('beacons answered 204, per second', capacities)
  const p99Row = row('p99 at half of its own load, ms', delays)
  printReport('ingest', [
    { ...rateRow, target: '≥ 0.85 ×', met: (rateRow.ratio ?? 0) >= 0.85 },
    // The store's own process is not in it: it takes its time whenever the machine has some.
    { ...row('beacons answered per CPU second of the server', efficiency), target: null, met: null },
    { ...p99Row, target: '< 30', met: p99Row.ours < 30 },
  ])

  /** Results by server. */
  async function inTurns(rate: (index: number) => number | null): Promise<Measured[][]> {
    const results: Measured[][] = servers.map(() => [])
    for (let round = 0; round < rounds; round++)
      for (const [index, server] of servers.entries()) results[index]?.push(await load(server, rate(index)))
    return results
  }
} finally {
  await Promise.all([ours, floor, client].map((child) => child.end()))
  await rm(directory, { recursive: true })
}

type Address = Pick<Load, 'port' | 'site'>

interface Measured extends LoadResult {
  readonly perCpuSecond: number
}

async function load(
  { port, site, process }: Address & { readonly process: Child },
  rate: number | null,
): Promise<Measured> {
  const before = await process.ask<Usage>({})
  const order: Load = { port, site, connections, seconds, rate }
  const result = await client.ask<LoadResult>(order)
  const after = await process.ask<Usage>({})
  return { ...result, perCpuSecond: (result.rate * seconds * 1000) / (after.cpu - before.cpu) }
}

function row(
  metric: string,
  [own, theirs]: readonly Spread[],
): Pick<BenchRow, 'metric' | 'ours' | 'against' | 'theirs' | 'ratio' | 'spread'> {
  if (own === undefined || theirs === undefined) throw new Error('a server was not measured')
  return {
    metric,
    ours: own.median,
    against: 'the floor: bare node:http, JSON.parse, group commit',
    theirs: theirs.median,
    ratio: own.median / theirs.median,
    spread: { ours: own.range, theirs: theirs.range },
  }
}
