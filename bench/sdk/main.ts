import { launchChromium } from '@peerpress/testbed'
import { seededRandom } from '@peerpress/swarm/simulation'
import { printReport } from '../print-report.ts'
import { startPageServer } from './page.ts'
import { type Round, rowsOf } from './rows.ts'
import { bundleSdks, type Sdk } from './sdks.ts'
import type { MainThread } from './trace.ts'
import { visit } from './visit.ts'

// What SDKs cost the page that they measure: a post in Chromium with each of them, turn about, in an order that is drawn
// anew for every round.
const isQuick = process.argv.includes('--quick')
const roundsPerSlowdown = isQuick ? 1 : 9
const slowdowns = [1, 4]
const seed = 20_260_301

const sdks = await bundleSdks()
const server = await startPageServer(sdks)
const browser = await launchChromium()
const random = seededRandom(seed)
process.stderr.write(`the order of visits is drawn from ${seed}\n`)
try {
  // The first pages of a browser pay for what later ones find done.
  if (!isQuick) await playRound(1)
  const rounds: Round[] = []
  for (let round = 0; round < roundsPerSlowdown; round++)
    for (const slowdown of slowdowns) rounds.push(await playRound(slowdown))
  printReport('sdk', rowsOf(sdks, rounds))
} finally {
  await browser.close()
  await server.close()
}

async function playRound(slowdown: number): Promise<Round> {
  const taken = new Map<string, MainThread>()
  for (const sdk of shuffled(sdks)) {
    const before = server.sent()
    taken.set(sdk.name, await visit(browser, server.url(sdk), slowdown))
    if (server.sent() === before) throw new Error(`${sdk.name} sent nothing: it did not measure`)
  }
  return { slowdown, taken }
}

function shuffled(all: readonly Sdk[]): readonly Sdk[] {
  return all
    .map((each) => ({ each, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ each }) => each)
}
