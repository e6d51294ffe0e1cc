import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BenchRow, graphqlClient, readOperatorToken } from '@peerpress/cli'
import { launchChromium, publishSampleSite } from '@peerpress/testbed'
import { readConfig, startServer } from '@peerpress/server'
import type { Browser, Page } from 'puppeteer-core'
import { percentile } from '../median.ts'
import { printReport } from '../print-report.ts'
import { type JoinTimes, watchJoin } from './watch-join.ts'

// How soon a reader who comes for the first time gets something from another: on loopback, so that what is measured is
// what ticket, tracker and WebRTC take by themselves. One reader holds the sample post; the others come one by one.
const visits = process.argv.includes('--quick') ? 3 : 40
/** ms that anything of a visit may take. */
const patience = 30_000
/** ms within which the first byte should be there. */
const target = 1000

const directory = await mkdtemp(join(tmpdir(), 'peerpress-bench-join-'))
const server = await startServer(
  readConfig({ PEERPRESS_PORT: '0', PEERPRESS_DATA: directory, PEERPRESS_CHROMIUM_PATH: 'none' }),
)
try {
  const token = await readOperatorToken(directory)
  const site = await publishSampleSite({ url: server.url, client: graphqlClient(server.url, token) })
  const browser = await launchChromium()
  try {
    const holder = await visit(browser, site.postUrl)
    await holder.evaluate(readAll)
    const all: JoinTimes[] = []
    for (let count = 0; count < visits; count++) {
      const page = await visit(browser, site.postUrl)
      await page.waitForFunction(() => globalThis.joinTimes.byte !== undefined, { timeout: patience })
      all.push(await page.evaluate(() => globalThis.joinTimes))
      await page.browserContext().close()
    }
    printReport('join', [
      ...rowsOf('open channel', all, ({ open }) => open),
      ...rowsOf('first byte of a peer', all, ({ byte }) => byte, target),
    ])
  } finally {
    await browser.close()
    await site.close()
  }
} finally {
  await server.close()
  await rm(directory, { recursive: true, force: true })
}

/** A reader who has never been there opens the page. */
async function visit(browser: Browser, url: string): Promise<Page> {
  const context = await browser.createBrowserContext()
  const page = await context.newPage()
  await page.setViewport({ width: 1280, height: 800 })
  await page.evaluateOnNewDocument(watchJoin)
  await page.goto(url, { waitUntil: 'load', timeout: patience })
  return page
}

function rowsOf(
  what: string,
  all: readonly JoinTimes[],
  timeOf: (times: JoinTimes) => number | undefined,
  most?: number,
): BenchRow[] {
  const times = all.map((one) => (timeOf(one) ?? Infinity) - (one.ticket ?? -Infinity))
  return [0.5, 0.95].map((share) => {
    const ours = percentile(times, share)
    const isHeld = most !== undefined && share === 0.95
    return {
      metric: `from asking for a ticket to the ${what}, ms, p${100 * share}`,
      ours,
      against: null,
      theirs: null,
      ratio: null,
      target: isHeld ? `< ${most}` : null,
      met: isHeld ? ours < most : null,
    }
  })
}

/** Runs in the page: scrolls through all of it. */
async function readAll(): Promise<void> {
  for (const picture of document.images) {
    picture.scrollIntoView({ block: 'center' })
    while (!picture.complete) await new Promise((resolve) => requestAnimationFrame(resolve))
  }
}
