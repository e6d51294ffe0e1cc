import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../child.ts'
import { printReport } from '../print-report.ts'
import { type Link, openReaderNetwork } from './network.ts'
import type { Origin } from './origin.main.ts'
import type { ReaderOrder, View } from './reader.main.ts'
import { type Pair, rowsOf } from './rows.ts'

// A reader alone on a quiet site, who has never been there: nobody can help, so PeerPress can only cost. Chromium in a
// network namespace reads the sample post over a shaped link, with PeerPress and without, turn about.
const pairsPerLink = process.argv.includes('--quick') ? 2 : 20

// The rates and round trips that WebPageTest gives these names. What the kernel cannot delay here the relay does: it
// holds bytes back, so connections cost their handshake, but TCP itself finds a short way and starts fast.
const links: readonly Link[] = [
  { name: '4G', down: 9, up: 9, roundTrip: 170 },
  { name: 'cable', down: 5, up: 1, roundTrip: 28 },
]

const network = openReaderNetwork()
const directory = await mkdtemp(join(tmpdir(), 'peerpress-quiet-page-'))
const origin = startChild(new URL('origin.main.ts', import.meta.url))
const reader = startChild(new URL('reader.main.ts', import.meta.url), [], network.within)
const tell = <Answer>(order: ReaderOrder) => reader.ask<Answer>(order)
try {
  const { address } = network
  const { url, ports } = await origin.ask<Origin>({ directory, address })
  await tell({ address, ports })
  const pages = { with: url, without: new URL('/without', url).href }
  const rows = []
  for (const link of links) {
    network.shape(link)
    await tell({ roundTrip: link.roundTrip })
    const pairs: Pair[] = []
    // The first pair warms the server and the machine's files.
    for (let index = 0; index <= pairsPerLink; index++) {
      const pair = await readPair(pages, index % 2 === 0)
      if (index > 0) pairs.push(pair)
    }
    rows.push(...rowsOf(link, pairs))
  }
  printReport('quiet-page', rows)
} finally {
  await Promise.all([reader.end(), origin.end()])
  network.close()
  await rm(directory, { recursive: true, force: true })
}

async function readPair(pages: Record<keyof Pair, string>, withFirst: boolean): Promise<Pair> {
  const order = withFirst ? (['with', 'without'] as const) : (['without', 'with'] as const)
  const views: Partial<Record<keyof Pair, Pair['with']>> = {}
  for (const side of order) {
    const before = network.sent()
    const view = await tell<View>({ read: pages[side] })
    if (view.isAssisted !== (side === 'with'))
      throw new Error(`the page ${side} PeerPress is not what it says`)
    views[side] = { ...view, bytes: network.sent() - before }
  }
  return views as Pair
}
