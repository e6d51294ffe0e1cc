import type { BenchRow } from '@peerpress/cli'
import { type Child, openFilesOfChild, startChild } from '../child.ts'
import { spreadOf } from '../median.ts'
import { printReport } from '../print-report.ts'
import type { Done, Order } from './load.main.ts'
import type { Usage } from '../usage.ts'

// Peers in rooms of a hundred ask for introductions, six at a time, and offer and answer travel through the tracker.
// Both trackers get the same peers from the same client in turns. Ours makes two messages more of an introduction: it
// tells both sides before an offer is made, where theirs has offers made on suspicion.
const isQuick = process.argv.includes('--quick')
const turns = isQuick ? 1 : 5
const peersPerTurn = isQuick ? 100 : 1000
const roundsPerTurn = isQuick ? 1 : 3
/** Node itself has some files open. */
const allowed = openFilesOfChild() - 100
const openConnections = isQuick ? 200 : Math.min(20_000, allowed)
const peersPerRoom = 100

const load = startChild(new URL('load.main.ts', import.meta.url))
const trackers = {
  ours: startChild(new URL('ours.main.ts', import.meta.url), ['--expose-gc']),
  theirs: startChild(new URL('theirs.main.ts', import.meta.url), ['--expose-gc']),
}
type Name = keyof typeof trackers
const names = ['ours', 'theirs'] as const
const figures: Record<Name, Record<'messages' | 'perCpuSecond' | 'introductions', number[]>> = {
  ours: { messages: [], perCpuSecond: [], introductions: [] },
  theirs: { messages: [], perCpuSecond: [], introductions: [] },
}
try {
  // Memory first: what a process has grown to before would hide what connections need.
  const held = { ours: await hold('ours'), theirs: await hold('theirs') }
  // The first turn compiles.
  for (let turn = 0; turn <= turns; turn++) for (const name of names) await takeTurn(name, turn > 0)

  printReport('tracker', [
    twice(row('messages delivered per second', 'messages')),
    // The client takes more of the machine than the tracker: this is what a tracker alone on a core would do.
    twice(row('messages delivered per CPU second of the tracker', 'perCpuSecond')),
    row('introductions answered per second', 'introductions'),
    {
      metric: `open connections, each let in${openConnections === allowed ? ' (all that open files allow)' : ''}`,
      ...against(held.ours.open, held.theirs.open),
      target: `≥ ${openConnections.toLocaleString('en')}`,
      met: held.ours.open >= openConnections,
    },
    // What so few connections add to a process is lost in what it takes and gives back by itself.
    ...(isQuick
      ? []
      : [
          {
            metric: 'resident memory per connection, KiB',
            ...against(held.ours.memory, held.theirs.memory),
            target: '≤ 16',
            met: held.ours.memory <= 16,
          },
        ]),
  ])
} finally {
  await Promise.all([load, trackers.ours, trackers.theirs].map((child) => child.end()))
}

async function takeTurn(name: Name, counts: boolean): Promise<void> {
  await openPeers(name, peersPerTurn)
  const before = await usageOf(trackers[name])
  const { heard, answered, time } = await order({ rounds: roundsPerTurn })
  const after = await usageOf(trackers[name])
  await order({ close: true })
  if (!counts) return
  figures[name].messages.push((heard / time) * 1000)
  figures[name].introductions.push((answered / time) * 1000)
  figures[name].perCpuSecond.push((heard / (after.cpu - before.cpu)) * 1000)
}

/** How many connections a tracker holds, and the KiB that each of them adds. */
async function hold(name: Name): Promise<{ readonly open: number; readonly memory: number }> {
  await openPeers(name, Math.min(500, openConnections))
  await order({ close: true })
  const before = await usageOf(trackers[name])
  const { open } = await openPeers(name, openConnections)
  const after = await usageOf(trackers[name])
  await order({ close: true })
  return { open, memory: (after.memory - before.memory) / open / 1024 }
}

async function openPeers(name: Name, count: number): Promise<Done> {
  const rooms = Array.from({ length: Math.ceil(count / peersPerRoom) }, (_, index) => `room${index}`)
  const door = await trackers[name].ask<{ port: number; rooms: string[] }>({ rooms })
  return order({ open: count, dialect: name, ...door })
}

function order(what: Order): Promise<Done> {
  return load.ask<Done>(what)
}

function usageOf(tracker: Child): Promise<Usage> {
  return tracker.ask<Usage>({})
}

function row(metric: string, figure: 'messages' | 'perCpuSecond' | 'introductions'): BenchRow {
  const [ours, theirs] = [spreadOf(figures.ours[figure]), spreadOf(figures.theirs[figure])]
  return {
    metric,
    ...against(ours.median, theirs.median),
    spread: { ours: ours.range, theirs: theirs.range },
  }
}

function twice(measured: BenchRow): BenchRow {
  return { ...measured, target: '≥ 2 ×', met: (measured.ratio ?? 0) >= 2 }
}

function against(ours: number, theirs: number): Omit<BenchRow, 'metric'> {
  return { ours, against: 'bittorrent-tracker', theirs, ratio: ours / theirs, target: null, met: null }
}
