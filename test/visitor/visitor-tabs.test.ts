import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { chunkSizeFor } from '@peerpress/wire'
import type { Browser, Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, openTab, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const film: Media = { name: 'film.bin', type: 'application/octet-stream', bytes: noisePng('film', 1800) }
const filmPath = `/media/${film.name}`
const pictures: readonly Media[] = Array.from({ length: 4 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
/** All are several screens down: none is loaded before the reader comes near. */
const body = pictures
  .map(
    ({ name }) =>
      `<div style="height: 3000px"></div><img loading="lazy" width="320" height="320" src="/media/${name}">`,
  )
  .join('')
const allChunks = [...pictures, film].reduce(
  (sum, { bytes: { length } }) => sum + Math.ceil(length / chunkSizeFor(length)),
  0,
)
const pictureBytes = pictures.reduce((sum, { bytes }) => sum + bytes.length, 0)

declare global {
  interface Window {
    /** Connections that the page ever made. */
    connections?: RTCPeerConnection[]
    /** Open lines to the tracker. */
    openLines?: number
    firstWorker?: ServiceWorker | null
    /** Called for every frame that the page receives. */
    onFrame?: () => void
  }
}

describe('several tabs of a reader’s browser', { timeout: 600_000 }, () => {
  let site: SmallSite
  let readers: SiteReader[]
  /** Two processes, so that readers who meet share none. */
  let browsers: readonly Browser[]

  before(async () => {
    await ensureVisitorBundles()
    browsers = await Promise.all([launchChromium(), launchChromium()])
  })
  after(() => Promise.all(browsers.map((browser) => browser.close())))
  beforeEach(async () => {
    readers = []
    site = await startSmallSite([...pictures, film], body)
  })
  afterEach(async () => {
    // Tabs before the browsers they are in.
    for (const reader of readers.toReversed()) await reader.close()
    await site.close()
  })

  /** A reader in a browser of its own. */
  async function newReader(): Promise<SiteReader> {
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser, watch)
    readers.push(reader)
    return reader
  }

  /** A reader that has all there is, and stays. */
  async function newHolder(): Promise<SiteReader> {
    const holder = await newReader()
    await holder.open(site.url)
    await holder.scroll()
    await holder.fetch(filmPath)
    site.sent.clear()
    return holder
  }

  /** Another tab of a reader's browser, which takes part by the tab that leads. */
  async function newTab(reader: SiteReader): Promise<SiteReader> {
    const tab = await openTab(reader.page.browserContext(), watch)
    readers.push(tab)
    await tab.open(site.url)
    return tab
  }

  test('have one set of connections, and each counts what it got', async () => {
    await newHolder()
    const leader = await newReader()
    await leader.open(site.url, allChunks)
    const other = await newTab(leader)
    assert.equal(await connectionsOf(leader), 1)
    await other.scroll()
    assert.equal((await leader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal(await connectionsOf(other), 0)
    // The peers may have parted meanwhile, because each has everything.
    assert.ok((await connectionsOf(leader)) <= 1)
    const [atLeader, atOther] = [await leader.delivery(), await other.delivery()]
    assert.equal(atLeader.bytes.peer + atLeader.bytes.origin, film.bytes.length)
    assert.equal(atOther.bytes.peer + atOther.bytes.origin, pictureBytes)
    assert.ok(atOther.bytes.peer >= 0.5 * pictureBytes, `${atOther.bytes.peer} of ${pictureBytes} bytes`)
    assert.deepEqual(
      [atLeader.assets, atOther.assets].map(({ complete, failed }) => [complete, failed]),
      [
        [1, 0],
        [4, 0],
      ],
    )
    assert.equal(site.tracker.counts().joined, 2)
  })

  test('go on with peers when the one that leads is closed', async () => {
    await newHolder()
    const leader = await newReader()
    await leader.open(site.url, allChunks)
    const other = await newTab(leader)
    await other.page.evaluate(() => (window.announcedChunks = 0))
    await leader.page.close()
    await other.page.waitForFunction((count) => (window.announcedChunks ?? 0) >= count, {}, allChunks)
    assert.equal(await connectionsOf(other), 1)
    await other.scroll()
    const { bytes, assets } = await other.delivery()
    assert.ok(bytes.peer >= 0.5 * pictureBytes, `${bytes.peer} of ${pictureBytes} bytes`)
    assert.deepEqual(assets, { complete: 4, failed: 0 })
    assert.deepEqual(other.errors, [])
  })

  test('complete a download when the one that leads is closed in the middle of it', async () => {
    await newHolder()
    const leader = await newReader()
    await leader.open(site.url, allChunks)
    const other = await newTab(leader)
    const frames = framesReceived(leader.page, 40)
    const fetched = other.fetch(filmPath)
    await frames
    await leader.page.close()
    assert.equal((await fetched).hash, hashOf(film.bytes))
    const { bytes, assets, wrongBytes } = await other.delivery()
    assert.ok(bytes.peer > 0)
    assert.equal(assets.failed, 0)
    assert.equal(wrongBytes, 0)
  })

  test('lose nothing when the tab of another reader they download from is closed, nor does that reader’s other tab', async () => {
    const holder = await newHolder()
    const second = await newTab(holder)
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    const frames = framesReceived(reader.page, 40)
    const fetched = reader.fetch(filmPath)
    await frames
    await reader.page.evaluate(() => (window.announcedChunks = 0))
    await holder.page.close()
    assert.equal((await fetched).hash, hashOf(film.bytes))
    // The other tab takes over what was stored, and offers it.
    await reader.page.waitForFunction((count) => (window.announcedChunks ?? 0) >= count, {}, allChunks)
    assert.equal(await connectionsOf(second), 1)
    site.sent.clear()
    await reader.scroll()
    assert.ok((await reader.delivery()).bytes.peer >= 0.5 * pictureBytes)
  })

  test('go on with peers when a new worker takes over', async () => {
    await newHolder()
    const leader = await newReader()
    await leader.open(site.url, allChunks)
    const other = await newTab(leader)
    const tabs = [leader, other]
    for (const { page } of tabs)
      await page.evaluate(() => {
        window.isLed = false
        window.firstWorker = navigator.serviceWorker.controller
      })
    const worker = await readFile(new URL('../../packages/visitor/dist/worker.js', import.meta.url))
    site.intercept = ({ url }, response) => {
      if (url !== '/worker.js') return false
      response.setHeader('Content-Type', 'text/javascript')
      response.end(Buffer.concat([worker, Buffer.from('\n// A new one.')]))
      return true
    }
    const frames = framesReceived(leader.page, 40)
    const fetched = leader.fetch(filmPath)
    await frames
    // The browser's own look for a new worker, some time after the page was opened, may have seen the one before; who asks
    // while it lasts gets its answer.
    await eventually('the new worker', () =>
      other.page.evaluate(async () => {
        await (await navigator.serviceWorker.getRegistration())?.update()
        return navigator.serviceWorker.controller !== window.firstWorker || undefined
      }),
    )
    assert.equal((await fetched).hash, hashOf(film.bytes))
    for (const { page } of tabs) {
      await page.waitForFunction(
        () => window.isLed && navigator.serviceWorker.controller !== window.firstWorker,
      )
    }
    await other.scroll()
    const { bytes, assets } = await other.delivery()
    assert.ok(bytes.peer >= 0.5 * pictureBytes, `${bytes.peer} of ${pictureBytes} bytes`)
    assert.deepEqual(assets, { complete: 4, failed: 0 })
    assert.equal((await leader.delivery()).assets.failed, 0)
    for (const { errors } of tabs) assert.deepEqual(errors, [])
  })

  test('take the lead from one that hangs', async () => {
    await newHolder()
    const leader = await newReader()
    await leader.open(site.url, allChunks)
    const other = await newTab(leader)
    const woken = hang(leader.page)
    // Each request is answered by the origin meanwhile.
    await eventually('the lead of the other tab', async () => {
      assert.equal((await other.fetch('/media/picture-1.png')).hash, hashOf((pictures[1] as Media).bytes))
      return (await connectionsOf(other)) > 0 ? true : undefined
    })
    await woken
    await eventually('the connections of the tab that hung', async () =>
      (await connectionsOf(leader)) === 0 ? true : undefined,
    )
    await other.page.waitForFunction((count) => (window.announcedChunks ?? 0) >= count, {}, allChunks)
    const gotBefore = (await other.delivery()).bytes.peer
    assert.equal((await other.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.ok((await other.delivery()).bytes.peer > gotBefore)
    assert.deepEqual(other.errors, [])
  })

  test('of several posts share twelve connections, and give up a post’s when it is shown no more', async () => {
    const leader = await newReader()
    await leader.open(site.url)
    site.config = { post: '2' }
    site.envelope = site.sign({ post: '2' })
    const other = await newTab(leader)
    await eventually('both swarms', async () => (site.tracker.counts().joined === 2 ? true : undefined))
    assert.deepEqual(await Promise.all([leader, other].map(linesOf)), [2, 0])
    await other.page.close()
    await leader.page.waitForFunction(() => window.openLines === 1)
  })

  test('give no faster for two posts together than for one', async () => {
    const upload = { rate: 1_000_000 }
    const show = (post: string): void => {
      site.config = { post, upload }
      site.envelope = site.sign({ post })
    }
    show('1')
    const holder = await newHolder()
    show('2')
    await newTab(holder)
    const others: SiteReader[] = []
    for (const post of ['1', '2']) {
      show(post)
      const other = await openSiteReader(browsers[1] as Browser, watch)
      readers.push(other)
      await other.open(site.url, allChunks)
      others.push(other)
    }
    const { uploaded: given } = await holder.delivery()
    const start = performance.now()
    const got = await Promise.all(others.map((other) => other.fetch(filmPath)))
    const { uploaded } = await holder.delivery()
    const elapsed = performance.now() - start
    assert.deepEqual(
      got.map(({ hash }) => hash),
      [hashOf(film.bytes), hashOf(film.bytes)],
    )
    for (const other of others) assert.ok((await other.delivery()).bytes.peer > 0)
    const slack = 6 * chunkSizeFor(film.bytes.length)
    assert.ok(
      uploaded - given <= (upload.rate / 1000) * elapsed + slack,
      `${uploaded - given} bytes in ${elapsed} ms`,
    )
  })
})

/** Open connections of a page. */
function connectionsOf({ page }: SiteReader): Promise<number> {
  return page.evaluate(
    () => (window.connections ?? []).filter(({ connectionState }) => connectionState !== 'closed').length,
  )
}

function linesOf({ page }: SiteReader): Promise<number> {
  return page.evaluate(() => window.openLines ?? 0)
}

/** Resolves when the page has received so many frames from peers from now on. */
function framesReceived(page: Page, count: number): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        let frames = 0
        window.onFrame = () => {
          if (++frames === wanted) resolve()
        }
      }),
    count,
  )
}

/** Lets a page do nothing else for twelve seconds; resolves when they are over. */
function hang(page: Page): Promise<void> {
  return page.evaluate(() => {
    const end = performance.now() + 12_000
    while (performance.now() < end);
  })
}

/** Counts in a page what it has open. */
async function watch(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const { RTCPeerConnection: Connection, WebSocket: Line } = window
    window.connections = []
    window.openLines = 0
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        window.connections?.push(this)
      }

      override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, options)
        // First byte of a `frame` in `packages/wire/src/peer-message.ts`.
        channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
          if (new Uint8Array(data)[0] === 6) window.onFrame?.()
        })
        return channel
      }
    }
    window.WebSocket = class extends Line {
      constructor(url: string | URL) {
        super(url)
        const count = (change: number) => () => (window.openLines = (window.openLines ?? 0) + change)
        this.addEventListener('open', count(1))
        this.addEventListener('close', count(-1))
      }
    }
  })
}
