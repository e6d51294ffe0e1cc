import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { chunkSizeFor } from '@peerpress/wire'
import type { Browser, Page } from 'puppeteer-core'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const name = 'sunrise.webm'
const path = `/media/${name}`
/** Twelve seconds. */
const film: Media = {
  name,
  type: 'video/webm',
  bytes: await readFile(new URL(`../../packages/testbed/sample/${name}`, import.meta.url)),
}
const allChunks = Math.ceil(film.bytes.length / chunkSizeFor(film.bytes.length))
const player = `<video controls muted preload="metadata" width="320" src="${path}"></video>`
const postponed = player.replace('preload="metadata"', 'preload="none" data-peerpress-preload="metadata"')

describe('a player in a reader’s browser', { timeout: 300_000 }, () => {
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
    site = await startSmallSite([film], '')
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await site.close()
  })

  async function newReader(): Promise<SiteReader> {
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser)
    readers.push(reader)
    return reader
  }

  /** A reader that has the whole film and stays. */
  async function newHolder(): Promise<SiteReader> {
    const holder = await newReader()
    await holder.open(site.url)
    await holder.fetch(path)
    site.sent.clear()
    return holder
  }

  test('that began before the worker took over plays to its end', async () => {
    await newHolder()
    // A cache has parts of it then.
    site.intercept = (_request, response) => {
      response.setHeader('Cache-Control', 'max-age=3600')
      response.setHeader('ETag', '"film"')
      return false
    }
    site.body = player
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await hasMetadata(reader.page)
    await playToEnd(reader.page)
    await seekTo(reader.page, 8)
    assert.equal(await fetchesOf(reader.page), 0)
    const { bytes, assets } = await reader.delivery()
    assert.equal(bytes.peer, 0)
    assert.ok(bytes.origin > 0)
    assert.deepEqual(assets, { complete: 1, failed: 0 })
  })

  test('that the site postponed plays from a peer in the very first view', async () => {
    await newHolder()
    site.body = postponed
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await hasMetadata(reader.page)
    await playToEnd(reader.page)
    const began = await reader.page.evaluate((url) => {
      const [first] = performance.getEntriesByName(url) as PerformanceResourceTiming[]
      return first && first.workerStart > 0
    }, new URL(path, site.url).href)
    assert.ok(began)
    const { bytes, assets } = await reader.delivery()
    assert.ok(bytes.peer > bytes.origin, `${bytes.peer} bytes of peers, ${bytes.origin} of the origin`)
    assert.deepEqual(assets, { complete: 1, failed: 0 })
  })

  test('that the site postponed begins without peers when there is no manifest', async () => {
    site.envelope = ''
    site.body = postponed
    const reader = await newReader()
    await reader.page.goto(site.url)
    await hasMetadata(reader.page)
  })

  test('has not failed when it wanted no more than the beginning', async () => {
    site.body = player
    const reader = await newReader()
    await reader.open(site.url)
    await hasMetadata(reader.page)
    await insertPlayer(reader.page)
    await reader.page.evaluate(() => {
      for (const video of document.querySelectorAll('video')) video.removeAttribute('src')
      for (const video of document.querySelectorAll('video')) video.load()
    })
    assert.equal((await reader.delivery()).assets.failed, 0)
  })

  test('has failed when the origin has nothing to play', async () => {
    site.intercept = ({ url }, response) => {
      if (url !== path) return false
      response.writeHead(404).end()
      return true
    }
    site.body = `<video preload="metadata"><source type="video/webm" src="${path}"></video>`
    const reader = await newReader()
    await reader.open(site.url)
    await reader.page.waitForFunction(() => document.querySelector('video')?.networkState === 3)
    await hasFailed(reader.page, 1)
  })

  test('that the worker answered first plays from a peer, seeks and ends', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await insertPlayer(reader.page)
    await seekTo(reader.page, 8)
    await playToEnd(reader.page)
    const { bytes, assets } = await reader.delivery()
    // Not all on a machine so busy that a page cannot answer its worker in time.
    assert.ok(bytes.peer > bytes.origin, `${bytes.peer} bytes of peers, ${bytes.origin} of the origin`)
    assert.deepEqual(assets, { complete: 1, failed: 0 })
  })

  test('goes on when the browser stopped the worker between its beginning and a seek', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await insertPlayer(reader.page)
    await stopWorkers(reader.page)
    await seekTo(reader.page, 8)
    await playToEnd(reader.page)
    assert.ok((await reader.delivery()).bytes.peer > 0)
  })

  test('goes on at the origin when its page does not find the restarted worker', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await insertPlayer(reader.page)
    await reader.page.evaluate(() => {
      ServiceWorker.prototype.postMessage = () => {}
    })
    await stopWorkers(reader.page)
    await seekTo(reader.page, 8)
    await playToEnd(reader.page)
  })

  test('goes on in a page that the reader comes back to', async () => {
    await newHolder()
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await insertPlayer(reader.page)
    // A page that is still loading is not kept: the end is loaded to its last byte.
    await seekTo(reader.page, 11.5)
    await reader.page.waitForFunction(() => document.querySelector('video')?.networkState === 1)
    await reader.page.evaluate(() => Object.assign(window, { isKept: true }))
    await reader.open(`${site.url}?another`, allChunks)
    await reader.page.goBack()
    assert.ok(await reader.page.evaluate(() => 'isKept' in window))
    await seekTo(reader.page, 5)
    await playToEnd(reader.page)
  })

  test('goes on from the origin when its peers vanish midway', async () => {
    const holder = await newHolder()
    const reader = await newReader()
    await reader.open(site.url, allChunks)
    await insertPlayer(reader.page)
    await holder.close()
    readers.splice(0, 1)
    await seekTo(reader.page, 8)
    await playToEnd(reader.page)
    const { bytes, assets } = await reader.delivery()
    assert.ok(bytes.peer > 0)
    assert.ok(bytes.origin > 0)
    assert.deepEqual(assets, { complete: 1, failed: 0 })
  })
})

/** Puts a player into the page, as a page's own script may do at any time. */
async function insertPlayer(page: Page): Promise<void> {
  await page.evaluate((html) => document.body.insertAdjacentHTML('beforeend', html), player)
  await hasMetadata(page)
}

async function hasMetadata(page: Page): Promise<void> {
  await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 1)
}

async function seekTo(page: Page, seconds: number): Promise<void> {
  await page.evaluate((time) => {
    const video = document.querySelector('video') as HTMLVideoElement
    video.currentTime = time
  }, seconds)
  await page.waitForFunction(
    (time) => {
      const video = document.querySelector('video') as HTMLVideoElement
      return video.error !== null || (!video.seeking && video.readyState >= 2 && video.currentTime >= time)
    },
    {},
    seconds,
  )
  await assertNoError(page)
}

/** Plays fast, so that a test need not wait for twelve seconds. */
async function playToEnd(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement
    video.playbackRate = 8
    await video.play().catch(() => {})
  })
  await page.waitForFunction(() => {
    const video = document.querySelector('video') as HTMLVideoElement
    return video.error !== null || video.ended
  })
  await assertNoError(page)
}

async function assertNoError(page: Page): Promise<void> {
  const error = await page.evaluate(() => document.querySelector('video')?.error?.message ?? null)
  assert.equal(error, null)
}

/** How often the film was fetched other than by a player: to read it back from the cache. */
async function fetchesOf(page: Page): Promise<number> {
  return page.evaluate((url) => {
    const entries = performance.getEntriesByName(url) as PerformanceResourceTiming[]
    return entries.filter(({ initiatorType }) => initiatorType === 'fetch').length
  }, new URL(path, page.url()).href)
}

async function hasFailed(page: Page, assets: number): Promise<void> {
  await page.waitForFunction((count) => window.peerpress?.delivery?.()?.assets.failed === count, {}, assets)
}

async function stopWorkers(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
}
