import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/cli'
import type { TrackerEvent } from '@peerpress/tracker'
import { buildVisitor } from '@peerpress/visitor/build'
import type { Browser, Page } from 'puppeteer-core'
import { eventually } from './support/eventually.ts'
import { type SmallSite, startSmallSite } from './support/small-site.ts'
import { openSiteReader, type SiteReader } from './support/small-site-reader.ts'

declare global {
  interface Window {
    /** ms of every pause that has a part drawn at random: those before another attempt at the tracker. */
    pauses?: number[]
    /** WebSockets that were closed. */
    closedLines?: number
  }
}

describe('a reader whom the tracker refuses', { timeout: 120_000 }, () => {
  let browser: Browser
  let site: SmallSite
  let readers: SiteReader[] = []

  before(async () => {
    await buildVisitor()
    browser = await launchChromium()
  })
  after(() => browser.close())
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    readers = []
    await site.close()
  })

  async function newReader(): Promise<SiteReader> {
    const reader = await openSiteReader(browser, (page) => page.evaluateOnNewDocument(notePauses))
    readers.push(reader)
    await reader.open(site.url)
    return reader
  }

  /** Waits until so many of these events happened. */
  async function happened(event: TrackerEvent, times: number): Promise<void> {
    await eventually(event, () => Promise.resolve(site.tracker.counts()[event] === times ? true : undefined))
  }

  function ticketRequests(): number {
    return site.serverRequests.filter((path) => path === '/v1/ticket').length
  }

  test('joins with a new ticket when the first was for another network', async () => {
    site = await startSmallSite([], '')
    site.ticketAddress = '2001:db8::1'
    await newReader()
    await happened('ticket-elsewhere', 1)
    site.ticketAddress = null
    await happened('joined', 1)
    assert.equal(ticketRequests(), 2)
  })

  test('gives up after its second ticket is refused', async () => {
    site = await startSmallSite([], '')
    site.ticketAddress = '2001:db8::1'
    const { page, errors } = await newReader()
    await page.waitForFunction(() => window.closedLines === 2)
    assert.equal(ticketRequests(), 2)
    assert.equal((await pausesOf(page)).length, 1)
    assert.deepEqual(errors, [])
  })

  test('leaves a full room alone for a while', async () => {
    site = await startSmallSite([], '', { maxPeersPerRoom: 1 })
    await newReader()
    await happened('joined', 1)
    const { page } = await newReader()
    await happened('full', 1)
    await page.waitForFunction(() => window.pauses?.length === 1)
    const [pause = 0] = await pausesOf(page)
    assert.ok(pause >= 15_000 && pause <= 60_000, `${pause} ms`)
    assert.equal(ticketRequests(), 2)
  })

  test('gives a tracker that ends in order time to come back, each reader another', async () => {
    site = await startSmallSite([], '')
    const { page } = await newReader()
    await happened('joined', 1)
    await site.tracker.close()
    await page.waitForFunction(() => window.pauses?.length === 1)
    const [pause = 0] = await pausesOf(page)
    assert.ok(pause >= 5000 && pause <= 10_000, `${pause} ms`)
  })

  test('leaves a tracker alone for which it said too much', async () => {
    site = await startSmallSite([], '')
    const reader = await openSiteReader(browser, async (page) => {
      await page.evaluateOnNewDocument(notePauses)
      await page.evaluateOnNewDocument(sayEverythingOften)
    })
    readers.push(reader)
    await reader.open(site.url)
    await happened('rate-limited', 1)
    await reader.page.waitForFunction(() => window.pauses?.length === 1)
    const [pause = 0] = await pausesOf(reader.page)
    assert.ok(pause >= 15_000, `${pause} ms`)
  })
})

async function pausesOf(page: Page): Promise<readonly number[]> {
  return page.evaluate(() => window.pauses ?? [])
}

/** Runs in the page before its scripts. */
function notePauses(): void {
  const begin = setTimeout
  window.pauses = []
  window.closedLines = 0
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('close', () => (window.closedLines = (window.closedLines ?? 0) + 1))
    }
  }
  window.setTimeout = ((handler: () => void, ms = 0) => {
    if (!Number.isInteger(ms)) window.pauses?.push(ms)
    return begin(handler, ms)
  }) as typeof setTimeout
}

/** Runs in the page before its scripts: what it tells the tracker it tells far too often. */
function sayEverythingOften(): void {
  // oxlint-disable-next-line typescript/unbound-method -- called with its line below
  const send = WebSocket.prototype.send as (data: unknown) => void
  WebSocket.prototype.send = function (this: WebSocket, data: unknown) {
    for (let times = 0; times < 400; times++) send.call(this, data)
  }
}
