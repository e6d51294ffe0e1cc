import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { TrackerEvent } from '@peerpress/tracker'
import type { Browser, Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import {
  makeFramer,
  makeFreeRider,
  makeLiar,
  makePolluter,
  makeSilent,
} from '../support/browser/hostile-peers.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

/** Two assets of one chunk and one of several; a `fetch` of the page gets them as it would get a picture. */
const media: readonly Media[] = [50_000, 60_000, 300_000].map((length, i) => ({
  name: `${i}.png`,
  type: 'image/png',
  bytes: randomBytes(length),
}))
const small = media.slice(0, 2)

describe('among peers of bad faith', { timeout: 120_000 }, () => {
  let browser: Browser
  let site: SmallSite
  let readers: SiteReader[] = []

  before(async () => {
    await ensureVisitorBundles()
    browser = await launchChromium()
  })
  after(() => browser.close())
  beforeEach(async () => {
    site = await startSmallSite(media, '')
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    readers = []
    await site.close()
  })

  /** A reader that has met others who hold so many chunks. */
  async function newReader(chunks: number, prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const reader = await openSiteReader(browser, prepare)
    readers.push(reader)
    await reader.open(site.url, chunks)
    return reader
  }

  /** It gets exactly these files. */
  async function reads(reader: SiteReader, files: readonly Media[]): Promise<void> {
    for (const { name, bytes } of files)
      assert.equal((await reader.fetch(`/media/${name}`)).hash, hashOf(bytes), name)
    assert.deepEqual(reader.errors, [])
  }

  async function happened(event: TrackerEvent): Promise<void> {
    await eventually(event, () => Promise.resolve(site.tracker.counts()[event] > 0 ? true : undefined))
  }

  test('who signs wrong bytes is banned by the first that gets them', async () => {
    const liar = await newReader(0, makeLiar)
    await reads(liar, small)
    const victim = await newReader(2)
    await reads(victim, small)
    await happened('liar-banned')
    const { rejectedChunks, droppedPeers, wrongBytes } = await victim.delivery()
    assert.deepEqual(
      { rejectedChunks, droppedPeers, wrongBytes },
      { rejectedChunks: 1, droppedPeers: 1, wrongBytes: 0 },
    )
    // It read well itself, and goes on reading, alone.
    await reads(liar, media)
    assert.equal((await liar.delivery()).bytes.peer, 0)
  })

  test('who sends wrong bytes under the signature of right ones is dropped, and nobody is banned', async () => {
    await reads(await newReader(0, makePolluter), small)
    const victim = await newReader(2)
    await reads(victim, small)
    const { rejectedChunks, droppedPeers, wrongBytes } = await victim.delivery()
    assert.deepEqual(
      { rejectedChunks, droppedPeers, wrongBytes },
      { rejectedChunks: 1, droppedPeers: 1, wrongBytes: 0 },
    )
    assert.equal(site.tracker.counts()['liar-banned'], 0)
  })

  test('nobody is banned on the word of a framer, who is shown the door', async () => {
    const honest = await newReader(0)
    await reads(honest, small)
    const framer = await newReader(2, makeFramer)
    await reads(framer, small)
    await happened('false-accusation')
    assert.equal(site.tracker.counts()['liar-banned'], 0)
    const third = await newReader(2)
    await reads(third, small)
    assert.ok((await third.delivery()).bytes.peer > 0)
  })

  test('a peer that falls silent costs time, and another one serves', async () => {
    await reads(await newReader(0, makeSilent), media)
    await reads(await newReader(0), media)
    const reader = await newReader(14)
    await reads(reader, media)
    assert.equal((await reader.delivery()).assets.failed, 0)
  })

  test('a free-rider is served, and asked for nothing', async () => {
    const giver = await newReader(0)
    await reads(giver, media)
    const rider = await newReader(7, makeFreeRider)
    await reads(rider, media)
    const { bytes, uploaded } = await rider.delivery()
    assert.ok(bytes.peer > 0)
    const third = await newReader(7)
    await reads(third, media)
    assert.equal(uploaded, 0)
    assert.equal((await rider.delivery()).uploaded, 0)
    await happened('claim-same-network')
  })
})
