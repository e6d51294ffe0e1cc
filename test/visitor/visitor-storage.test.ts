import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { ChunkStorage, ChunkStorageOptions } from '@peerpress/swarm'
import { testChunkStorage } from '@peerpress/swarm/storage-suite'
import { moduleText } from '@peerpress/visitor/build'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'
import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'

declare global {
  interface Window {
    storage?: ChunkStorage
    tellLost?: (name: string) => void
    /** The tracker has told the swarm's size. */
    isSized?: boolean
  }
}

const film: Media = { name: 'film.bin', type: 'application/octet-stream', bytes: noisePng('film', 1000) }
const filmPath = `/media/${film.name}`
const filmChunks = Math.ceil(film.bytes.length / (64 * 1024))

/** Two processes, so that readers who meet share none. */
let browsers: readonly Browser[]
let site: SmallSite

before(async () => {
  await ensureVisitorBundles()
  browsers = await Promise.all([launchChromium(), launchChromium()])
})
after(() => Promise.all(browsers.map((browser) => browser.close())))
beforeEach(async () => {
  site = await startSmallSite([film], '<p>A post</p>')
})
afterEach(() => site.close())

describe('a browser’s storage', { timeout: 120_000 }, () => {
  let contexts: BrowserContext[] = []
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()))
    contexts = []
  })

  testChunkStorage({
    name: 'Cache Storage',
    async place() {
      const context = await (browsers[0] as Browser).createBrowserContext()
      contexts.push(context)
      return (options) => openIn(context, options)
    },
    lasts: true,
  })

  test('that is emptied by others has lost its chunks', async () => {
    const context = await (browsers[0] as Browser).createBrowserContext()
    contexts.push(context)
    const lost: string[] = []
    const storage = await openIn(context, { maxBytes: 100, onLost: (name) => lost.push(name) })
    await storage.put('a', new Uint8Array(10))
    const [page] = (await context.pages()).slice(-1)
    await page?.evaluate(async () => {
      const cache = await caches.open('peerpress-chunks')
      for (const entry of await cache.keys()) await cache.delete(entry)
    })
    assert.equal(await storage.get('a'), undefined)
    assert.deepEqual(lost, ['a'])
  })
})

describe('what a reader’s browser stored', { timeout: 300_000 }, () => {
  let readers: SiteReader[] = []
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    readers = []
  })

  async function newReader(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser, prepare)
    readers.push(reader)
    return reader
  }

  /** A reader that has stored the whole film. */
  async function newHolder(): Promise<SiteReader> {
    const holder = await newReader()
    await holder.open(site.url)
    assert.equal((await holder.fetch(filmPath)).hash, hashOf(film.bytes))
    await isStored(holder)
    return holder
  }

  test('is used, and offered to others, when the page is loaded again', async () => {
    const holder = await newHolder()
    await holder.open(site.url)
    const reader = await newReader()
    await reader.open(site.url, filmChunks)
    site.sent.clear()
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal((await holder.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.equal((await reader.delivery()).bytes.peer, film.bytes.length)
    const { bytes } = await holder.delivery()
    assert.deepEqual([bytes.cache, bytes.peer, bytes.origin], [film.bytes.length, 0, 0])
    assert.equal(site.sent.get(filmPath), undefined)

    // What came from a peer once comes from the cache the next time.
    await isStored(reader)
    await reader.open(site.url, filmChunks)
    await reader.fetch(filmPath)
    const again = (await reader.delivery()).bytes
    assert.equal(again.cache + again.peer, film.bytes.length)
    assert.ok(again.cache > 0)
  })

  test('helps a reader who was alone and has requested the file from an origin that fails then', async () => {
    const holder = await newHolder()
    await holder.page.goto('about:blank')
    const reader = await newReader((page) => page.evaluateOnNewDocument(noteSize))
    await reader.open(site.url)
    await reader.page.waitForFunction(() => window.isSized)
    const pending: ServerResponse[] = []
    site.intercept = ({ url }, response) => url === filmPath && pending.push(response) > 0
    const fetching = reader.fetch(filmPath)
    await eventually('its request', async () => pending[0])
    await holder.open(site.url)
    // Meanwhile the peer sends what has not been requested from the origin.
    await holder.page.waitForFunction(() => (window.peerpress?.delivery?.()?.uploaded ?? 0) > 0)
    for (const response of pending) response.destroy()
    assert.equal((await fetching).hash, hashOf(film.bytes))
    const { bytes, assets, fallbacks } = await reader.delivery()
    assert.deepEqual([bytes.peer, bytes.origin, fallbacks], [film.bytes.length, 0, 0])
    assert.deepEqual(assets, { complete: 1, failed: 0 })
  })

  test('and others changed is neither used nor offered', async () => {
    const holder = await newHolder()
    await holder.page.evaluate(async () => {
      const cache = await caches.open('peerpress-chunks')
      for (const { url } of await cache.keys()) {
        const bytes = new Uint8Array(Number(new URL(url).search.slice(1)))
        if (url.includes('/0?')) await cache.put(url, new Response(bytes))
      }
    })
    await holder.open(site.url)
    const reader = await newReader()
    await reader.open(site.url, filmChunks - 1)
    for (const one of [holder, reader]) {
      assert.equal((await one.fetch(filmPath)).hash, hashOf(film.bytes))
      const { wrongBytes, rejectedChunks, droppedPeers } = await one.delivery()
      assert.deepEqual([wrongBytes, rejectedChunks, droppedPeers], [0, 0, 0])
    }
  })

  test('is nothing where the site may store nothing more, and the page is complete all the same', async () => {
    const holder = await newHolder()
    const reader = await newReader(async (page) => {
      const session = await page.createCDPSession()
      await session.send('Storage.overrideQuotaForOrigin', {
        origin: new URL(site.url).origin,
        quotaSize: 200_000,
      })
    })
    await reader.open(site.url, filmChunks)
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    const { bytes, assets } = await reader.delivery()
    assert.ok(bytes.peer > 0)
    assert.deepEqual(assets, { complete: 1, failed: 0 })
    assert.deepEqual(reader.errors, [])
    assert.ok((await storedChunks(reader)) < filmChunks)

    // It is offered from memory all the same.
    await holder.close()
    readers.splice(0, 1)
    const third = await newReader()
    await third.open(site.url, filmChunks)
    assert.equal((await third.fetch(filmPath)).hash, hashOf(film.bytes))
    assert.ok((await third.delivery()).bytes.peer > 0)
  })
})

/** The browser's storage in a page of its own. */
async function openIn(
  context: BrowserContext,
  { maxBytes, pinned = new Set(), onLost = () => {} }: ChunkStorageOptions,
): Promise<{ [Key in keyof ChunkStorage]: (...said: Parameters<ChunkStorage[Key]>) => Promise<never> }> {
  const page = await context.newPage()
  site.config = { mode: 'off' }
  await page.goto(site.url)
  await page.exposeFunction('tellLost', onLost)
  const module = await moduleText('src/runtime/storage/cache-chunks.ts')
  await page.evaluate(
    async (url, limit, names) => {
      const { CacheChunks } = (await import(url)) as {
        CacheChunks: { open(options: ChunkStorageOptions): Promise<ChunkStorage> }
      }
      window.storage = await CacheChunks.open({
        maxBytes: limit,
        pinned: new Set(names),
        onLost: (name) => window.tellLost?.(name),
      })
    },
    `data:text/javascript;base64,${Buffer.from(module).toString('base64')}`,
    maxBytes,
    [...pinned],
  )
  return {
    has: (name) => page.evaluate((asked) => window.storage?.has(asked), name) as Promise<never>,
    delete: (name) => page.evaluate((gone) => window.storage?.delete(gone), name) as Promise<never>,
    put: (name, bytes) =>
      page.evaluate(
        (put, values) => window.storage?.put(put, new Uint8Array(values)),
        name,
        Array.from(bytes),
      ) as Promise<never>,
    async get(name) {
      const values = await page.evaluate(async (asked) => {
        const bytes = await window.storage?.get(asked)
        return bytes && Array.from(bytes)
      }, name)
      return (values && new Uint8Array(values)) as never
    },
  }
}

/** Runs in the page before its scripts. */
function noteSize(): void {
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL) {
      super(url)
      this.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if ((JSON.parse(data) as { type: string }).type === 'swarm') window.isSized = true
      })
    }
  }
}

async function isStored(reader: SiteReader): Promise<void> {
  await eventually('the film in storage', async () =>
    (await storedChunks(reader)) === filmChunks ? true : undefined,
  )
}

function storedChunks(reader: SiteReader): Promise<number> {
  return reader.page.evaluate(async () => (await (await caches.open('peerpress-chunks')).keys()).length)
}
