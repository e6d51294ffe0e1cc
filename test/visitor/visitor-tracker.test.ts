import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, afterEach, before, describe, test } from 'node:test'
import { PeerKey } from '@peerpress/peer'
import { launchChromium } from '@peerpress/testbed'
import type { TrackerEvent } from '@peerpress/tracker'
import type { Browser, Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

declare global {
  interface Window {
    /** ms of every pause that has a part drawn at random: those before another attempt at the tracker. */
    pauses?: number[]
    /** WebSockets that were closed. */
    closedLines?: number
    /** Messages of an unknown type that the page received. */
    laterMessages?: number
  }
}

describe('a reader whom the tracker refuses', { timeout: 120_000 }, () => {
  let browser: Browser
  let site: SmallSite
  let readers: SiteReader[] = []

  before(async () => {
    await ensureVisitorBundles()
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
    await page.waitForFunction(() => window.closedLines === 2 && window.pauses?.length === 2)
    assert.equal(ticketRequests(), 2)
    // All that is left is to ask now and then whether its peers are still allowed.
    const [, check = 0] = await pausesOf(page)
    assert.ok(check >= 40_000 && check <= 45_000, `${check} ms`)
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

  test('keeps its line to the tracker whatever offers other peers send it', async () => {
    site = await startSmallSite([], '')
    await newReader()
    await happened('joined', 1)
    // An answer repeats the sections of its offer, and would be longer than the tracker takes.
    const section = (_: unknown, i: number) =>
      `m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:${i + 1}\r\na=rtcp-mux\r\n`
    const sections = offer + Array.from({ length: 150 }, section).join('')
    for (const sdp of [sections, 'v=0\0', '']) await offerTo(site, sdp)
    const answer = await offerTo(site, offer, { awaitsAnswer: true })
    assert.equal(answer, 'answer')
    const { 'bad-message': bad, oversized, joined } = site.tracker.counts()
    assert.deepEqual({ bad, oversized, joined }, { bad: 0, oversized: 0, joined: 5 })
  })

  test('keeps its line to a tracker of a later release, and ignores message types that it does not know', async () => {
    site = await startSmallSite([], '')
    const reader = await openSiteReader(browser, async (page) => {
      await page.evaluateOnNewDocument(notePauses)
      await page.evaluateOnNewDocument(receiveLaterMessages)
    })
    readers.push(reader)
    await reader.open(site.url)
    await reader.page.waitForFunction(() => (window.laterMessages ?? 0) > 0)
    assert.equal(await offerTo(site, offer, { awaitsAnswer: true }), 'answer')
    assert.equal(await reader.page.evaluate(() => window.closedLines ?? 0), 0)
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

const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=ice-ufrag:abcd',
  `a=ice-pwd:${'a'.repeat(24)}`,
  `a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`,
  'a=setup:actpass',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n')

/** Joins, and sends the offer to the reader that it is introduced to; what kind of signal came first in return, if awaited. */
async function offerTo(site: SmallSite, sdp: string, { awaitsAnswer = false } = {}): Promise<string | null> {
  const { ticket } = (await (await fetch(`${site.serverUrl}/v1/ticket`)).json()) as { ticket: string }
  const join = JSON.stringify(await new PeerKey(crypto.subtle).join(ticket))
  const socket = new WebSocket(`${site.serverUrl.replace('http', 'ws')}/v1/tracker`)
  const first = await new Promise<string | null>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('no line to the tracker')))
    socket.addEventListener('open', () => socket.send(join))
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as { type: string; peer: string; signal?: { kind: string } }
      if (message.type === 'signal') resolve(message.signal?.kind ?? null)
      if (message.type !== 'introduce') return
      socket.send(JSON.stringify({ type: 'signal', to: message.peer, signal: { kind: 'offer', sdp } }))
      if (!awaitsAnswer) resolve(null)
    })
  })
  // The tracker has read all of it when it answers the close.
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return first
}

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

/** Runs in the page before its scripts: after each welcome the tracker sends a message of a type that no release has. */
function receiveLaterMessages(): void {
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (!data.includes('"welcome"')) return
        // After the page's own listener, which was not added yet.
        setTimeout(() => {
          window.laterMessages = (window.laterMessages ?? 0) + 1
          this.dispatchEvent(new MessageEvent('message', { data: '{"type":"of a later release"}' }))
        })
      })
    }
  }
}
