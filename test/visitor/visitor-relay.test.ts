import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { startTurnServer, type TurnServer } from '../support/browser/turn-server.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

declare global {
  interface Window {
    /** What this page told the tracker of its own addresses. */
    toldCandidates?: string[]
  }
}

const picture: Media = { name: 'a.png', type: 'image/png', bytes: randomBytes(300_000) }

describe('readers who connect through a relay alone', { timeout: 120_000 }, () => {
  let browser: Browser
  let turn: TurnServer
  let site: SmallSite
  let readers: SiteReader[] = []

  before(async () => {
    await ensureVisitorBundles()
    browser = await launchChromium()
    turn = await startTurnServer()
  })
  after(async () => {
    await browser.close()
    await turn.stop()
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    readers = []
    await site.close()
  })

  async function newReader(chunks = 0): Promise<SiteReader> {
    const reader = await openSiteReader(browser, (page) => page.evaluateOnNewDocument(noteCandidates))
    readers.push(reader)
    await reader.open(site.url, chunks)
    return reader
  }

  async function reads(reader: SiteReader): Promise<void> {
    assert.equal((await reader.fetch('/media/a.png')).hash, hashOf(picture.bytes))
  }

  function toldBy({ page }: SiteReader): Promise<readonly string[]> {
    return page.evaluate(() => window.toldCandidates ?? [])
  }

  test('give each other bytes, and tell each other no address of their own', async () => {
    site = await startSmallSite([picture], '', { iceServers: [turn.iceServer], relayOnly: true })
    const first = await newReader()
    await reads(first)
    const second = await newReader(5)
    await reads(second)
    assert.equal((await second.delivery()).bytes.peer, picture.bytes.length)
    for (const reader of [first, second]) {
      const told = await toldBy(reader)
      assert.ok(told.length > 0)
      for (const candidate of told) assert.match(candidate, / typ relay /)
    }
  })

  test('read from the origin when the relay is away', async () => {
    site = await startSmallSite([picture], '', {
      iceServers: [{ urls: ['turn:127.0.0.1:9'], username: 'a', credential: 'b' }],
      relayOnly: true,
    })
    const [first, second] = [await newReader(), await newReader()]
    await reads(first)
    await reads(second)
    assert.equal((await second.delivery()).bytes.origin, picture.bytes.length)
    for (const reader of [first, second]) assert.deepEqual(await toldBy(reader), [])
  })
})

/** Runs in the page before its scripts. */
function noteCandidates(): void {
  window.toldCandidates = []
  // oxlint-disable-next-line typescript/unbound-method -- called with its line below
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (this: WebSocket, data: string) {
    const { signal } = JSON.parse(data) as { readonly signal?: { readonly candidate?: string } }
    if (signal?.candidate) window.toldCandidates?.push(signal.candidate)
    send.call(this, data)
  }
}
