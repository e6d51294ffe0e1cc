import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { buildVisitor } from '@peerpress/visitor/build'
import { chunkSizeFor } from '@peerpress/wire'
import type { Browser, Page } from 'puppeteer-core'
import { launchChromium } from '@peerpress/cli'
import { eventually } from './support/eventually.ts'
import { saveNextDownload } from './support/save-next-download.ts'
import { makePolluter } from './support/hostile-peers.ts'
import { noisePng } from './support/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from './support/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from './support/small-site-reader.ts'

const pictures: readonly Media[] = Array.from({ length: 6 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
/** Larger than what the worker puts together before it answers. */
const film: Media = { name: 'film.bin', type: 'application/octet-stream', bytes: noisePng('film', 2000) }
/** The first picture is in view at once; the others are several screens apart. */
const body = pictures
  .map(
    ({ name }, i) => `<img ${i > 0 ? 'loading="lazy"' : ''} width="320" height="320" src="/media/${name}">`,
  )
  .join('<div style="height: 3000px"></div>')
const lazyBytes = pictures.slice(1).reduce((sum, { bytes }) => sum + bytes.length, 0)
const firstBytes = pictures[0]?.bytes.length ?? 0
const allChunks = chunksOf([...pictures, film])
const filmPath = `/media/${film.name}`

describe('a reader’s browser', { timeout: 600_000 }, () => {
  let site: SmallSite
  let readers: SiteReader[]

  /** Two processes, so that readers who meet share none. */
  let browsers: readonly Browser[]

  before(async () => {
    await buildVisitor()
    browsers = await Promise.all([launchChromium(), launchChromium()])
  })
  after(() => Promise.all(browsers.map((browser) => browser.close())))
  beforeEach(async () => {
    readers = []
    site = await startSmallSite([...pictures, film], body)
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await site.close()
  })

  async function newReader(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser, prepare)
    readers.push(reader)
    return reader
  }

  /** A reader that has read the whole page, film included, and stays. */
  async function newHolder(prepare?: (page: Page) => Promise<unknown>): Promise<SiteReader> {
    const holder = await newReader(prepare)
    await holder.open(site.url)
    await holder.scroll()
    await holder.fetch(filmPath)
    site.sent.clear()
    return holder
  }

  /** A reader on the page who was told by others that they hold so many chunks, by default all there are. */
  async function newConnected({
    chunks = allChunks,
    prepare,
  }: { chunks?: number; prepare?: (page: Page) => Promise<unknown> } = {}): Promise<SiteReader> {
    const reader = await newReader(prepare)
    await reader.open(site.url, chunks)
    return reader
  }

  async function assertComplete(reader: SiteReader): Promise<void> {
    const widths = await reader.page.evaluate(() =>
      Array.from(document.images, (image) => image.naturalWidth),
    )
    assert.deepEqual(
      widths,
      pictures.map(() => 320),
    )
    assert.deepEqual(reader.errors, [])
  }

  test('gets the later pictures of its very first view from another reader', async () => {
    const holder = await newHolder()
    const reader = await newConnected()
    const got = new Map<string, string>()
    reader.page.on('response', async (response) => {
      if (response.url().includes('/media/')) {
        got.set(new URL(response.url()).pathname, hashOf(await response.buffer()))
      }
    })
    await reader.scroll()
    await assertComplete(reader)
    for (const { name, bytes } of pictures.slice(1)) assert.equal(got.get(`/media/${name}`), hashOf(bytes))
    const { bytes, assets, wrongBytes } = await reader.delivery()
    // Not all on a machine so busy that a page cannot answer its worker in time.
    assert.ok(bytes.peer >= 0.8 * lazyBytes, `${bytes.peer} of ${lazyBytes} bytes`)
    assert.equal(bytes.peer + bytes.origin, lazyBytes + firstBytes)
    assert.equal(bytes.origin, total(site.sent))
    assert.deepEqual(assets, { complete: 6, failed: 0 })
    assert.equal(wrongBytes, 0)
    assert.ok((await holder.delivery()).uploaded >= bytes.peer)
  })

  test('offers what it loaded before the worker was there', async () => {
    const holder = await newReader()
    await holder.open(site.url)
    site.body = ''
    const reader = await newConnected({ chunks: chunksOf(pictures.slice(0, 1)) })
    await reader.fetch('/media/picture-0.png')
    assert.equal((await reader.delivery()).bytes.peer, firstBytes)
    assert.equal((await holder.delivery()).bytes.origin, firstBytes)
  })

  test('answers ranges as the origin would', async () => {
    await newHolder()
    const reader = await newConnected()
    const { bytes } = film
    const size = bytes.length
    const cases = [
      ['bytes=100000-300000', 100_000, 300_000],
      [`bytes=${size - 70_000}-`, size - 70_000, size - 1],
      ['bytes=-1000', size - 1000, size - 1],
      [`bytes=0-${size * 2}`, 0, size - 1],
      ['bytes=65535-65536', 65_535, 65_536],
    ] as const
    for (const [range, start, end] of cases) {
      const part = await reader.fetch(filmPath, { Range: range })
      assert.deepEqual(part, {
        status: 206,
        length: end - start + 1,
        hash: hashOf(bytes.subarray(start, end + 1)),
        type: film.type,
        range: `bytes ${start}-${end}/${size}`,
        broken: false,
      })
    }
    const past = await reader.fetch(filmPath, { Range: `bytes=${size}-` })
    assert.equal(past.status, 416)
    assert.equal(past.range, `bytes */${size}`)
    assert.ok((await reader.delivery()).bytes.peer > 0)
    site.requests.delete(filmPath)
    await reader.fetch(filmPath, { Range: 'bytes=0-1,5-6' })
    assert.equal(site.requests.get(filmPath), 1)
  })

  test('gets a large download from another reader', async () => {
    await newHolder()
    const reader = await newConnected()
    const fetched = await reader.fetch(filmPath)
    assert.equal(fetched.status, 200)
    assert.equal(fetched.hash, hashOf(film.bytes))
    const { bytes, assets } = await reader.delivery()
    assert.ok(bytes.peer >= 0.5 * film.bytes.length, `${bytes.peer} of ${film.bytes.length} bytes`)
    assert.equal(bytes.peer + bytes.origin, film.bytes.length + firstBytes)
    assert.deepEqual(assets, { complete: 2, failed: 0 })
  })

  test('gets a file that a link leads to from another reader', async () => {
    await newHolder()
    site.body = `<a href="${filmPath}">The film</a>`
    const reader = await newConnected()
    const saved = await saveNextDownload(reader.page, () => reader.page.click('a'))
    assert.equal(saved.name, film.name)
    assert.equal(hashOf(saved.bytes), hashOf(film.bytes))
    const { bytes } = await reader.delivery()
    assert.ok(bytes.peer >= 0.5 * film.bytes.length, `${bytes.peer} of ${film.bytes.length} bytes`)
    assert.equal(reader.page.url(), site.url)
  })

  test('finds its peers again after the browser stopped the worker', async () => {
    await newHolder()
    const reader = await newConnected()
    const session = await reader.page.createCDPSession()
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    // The worker that is started for this request knows nothing of the page yet.
    assert.equal((await reader.fetch('/media/picture-1.png')).status, 200)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.5 * lazyBytes)
  })

  test('is left by a worker whose lease ran out', async () => {
    site.leaseLength = 1
    const reader = await newReader()
    await reader.open(site.url)
    await leaseOf(reader, ({ length }) => length === 1)
    site.config = { mode: 'off' }
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(
      async () => (await navigator.serviceWorker.getRegistration()) === undefined,
    )
    assert.deepEqual(await reader.page.evaluate(() => caches.keys()), [])
    await reader.scroll()
    await assertComplete(reader)
  })

  test('keeps a worker by the lease of the site’s key alone, and by the newest', async () => {
    const reader = await newReader()
    await reader.open(site.url)
    const { issuedAt } = await leaseOf(reader, ({ length }) => length === 60_000)
    site.leaseLength = 1
    site.leaseKey = generateKeyPairSync('ed25519').privateKey
    await reader.open(site.url)
    await eventually('the second ticket', async () =>
      site.serverRequests.filter((path) => path === '/v1/ticket').length >= 2 ? true : undefined,
    )
    await reader.scroll()
    assert.equal((await leaseOf(reader, () => true)).issuedAt, issuedAt)
  })

  /** What the worker keeps of its lease, once it is as awaited. */
  function leaseOf(
    reader: SiteReader,
    isAwaited: (lease: { length: number; issuedAt: number }) => boolean,
  ): Promise<{ length: number; issuedAt: number }> {
    return eventually('the lease', async () => {
      const lease = await reader.page.evaluate(async () => {
        const stored = await (await caches.open('peerpress-lease')).match('/peerpress-lease')
        return ((await stored?.json()) ?? null) as { length: number; issuedAt: number } | null
      })
      return lease && isAwaited(lease) ? lease : undefined
    })
  }

  test('meets its peers again when the reader comes back to a kept page', async () => {
    await newHolder()
    const reader = await newConnected()
    // A kept page keeps what it counted.
    await reader.page.evaluate(() => delete window.announcedChunks)
    await reader.page.goto(`${new URL(site.url).origin}/nothing-here`)
    await reader.page.goBack()
    await reader.page.waitForFunction((chunks) => (window.announcedChunks ?? 0) >= chunks, {}, allChunks)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.8 * lazyBytes)
  })

  test('drops a peer that sends wrong bytes and shows none of them', async () => {
    await newHolder((page) => makePolluter(page))
    const reader = await newConnected()
    await reader.scroll()
    await assertComplete(reader)
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
    const delivery = await reader.delivery()
    assert.equal(delivery.wrongBytes, 0)
    assert.ok(delivery.rejectedChunks >= 1)
    assert.equal(delivery.droppedPeers, 1)
    assert.equal(delivery.bytes.peer, 0)
  })

  test('completes at the origin what a peer left off in the middle', async () => {
    await newHolder((page) => silenceAfter(page, 40))
    const reader = await newConnected()
    const fetched = await reader.fetch(filmPath)
    assert.equal(fetched.hash, hashOf(film.bytes))
    await reader.scroll()
    await assertComplete(reader)
    const delivery = await reader.delivery()
    assert.ok(delivery.bytes.peer > 0)
    assert.ok(delivery.fallbacks >= 1)
    assert.equal(delivery.assets.failed, 0)
    assert.equal(delivery.wrongBytes, 0)
  })

  test('completes a download also when the origin ignores Range', async () => {
    await newHolder((page) => silenceAfter(page, 40))
    const reader = await newConnected()
    site.intercept = ({ headers }) => {
      delete headers.range
      return false
    }
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
  })

  test('breaks a download off rather than mix two versions of a file', async () => {
    await newHolder((page) => silenceAfter(page, 40))
    const reader = await newConnected()
    const changed = Buffer.from(film.bytes.map((byte) => byte ^ 1))
    site.intercept = (request, response) =>
      request.url === filmPath && sendRanged(response, request.headers.range, changed)
    assert.equal((await reader.fetch(filmPath)).broken, true)
    assert.equal((await reader.delivery()).assets.failed, 1)
  })

  test('counts the pictures that it could not show, and no others', async () => {
    site.intercept = ({ url, socket }, response) => {
      if (url === '/media/picture-0.png' || url === '/media/picture-2.png') response.writeHead(404).end()
      else if (url === '/media/picture-4.png') socket.destroy()
      else return false
      return true
    }
    const reader = await newReader()
    // The first picture was loaded without the worker, the others are asked of it.
    await reader.open(site.url)
    await reader.scroll()
    await reader.page.waitForFunction(() => {
      const assets = window.peerpress?.delivery?.()?.assets
      return assets && assets.complete + assets.failed === 6
    })
    assert.deepEqual((await reader.delivery()).assets, { complete: 3, failed: 3 })
    site.intercept = () => false
    await reader.fetch('/media/picture-2.png')
    assert.deepEqual((await reader.delivery()).assets, { complete: 4, failed: 2 })
  })

  test('counts the pictures of an origin that is down', async () => {
    site.intercept = ({ url, socket }) => url === '/media/picture-0.png' && !!socket.destroy()
    const reader = await newReader()
    await reader.open(site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery?.()?.assets.failed === 1)
    site.intercept = ({ socket }) => !!socket.destroy()
    await reader.scroll()
    await reader.page.waitForFunction(() => window.peerpress?.delivery?.()?.assets.failed === 6)
    assert.equal((await reader.delivery()).assets.complete, 0)
  })

  test('keeps its peers when the server dies', async () => {
    await newHolder()
    const reader = await newConnected()
    await site.killServer()
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.8 * lazyBytes)
  })

  test('has a complete page when server and tracker are not there', async () => {
    await newHolder()
    await site.killServer()
    const reader = await newReader()
    await reader.page.goto(site.url)
    await reader.scroll()
    await assertComplete(reader)
  })

  test('has a complete page when the page does not answer its worker', async () => {
    await newHolder()
    const reader = await newConnected({
      prepare: (page) =>
        page.evaluateOnNewDocument(() => {
          MessagePort.prototype.postMessage = () => {}
        }),
    })
    await reader.scroll()
    await assertComplete(reader)
    const { bytes, assets } = await reader.delivery()
    assert.equal(bytes.peer, 0)
    assert.equal(bytes.origin, lazyBytes + firstBytes)
    assert.deepEqual(assets, { complete: 6, failed: 0 })
  })

  test('takes no part in a swarm whose manifest another key signed', async () => {
    site.envelope = site.sign({ key: generateKeyPairSync('ed25519').privateKey })
    const reader = await newReader()
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery)
    await reader.scroll()
    await assertComplete(reader)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.delivery?.()), null)
    assert.ok(!site.serverRequests.includes('/v1/ticket'))
  })

  test('refuses a manifest older than the one it has seen', async () => {
    site.envelope = site.sign({ version: 5 })
    const reader = await newReader()
    await reader.open(site.url)
    // The first view joins the swarm: what it still asks for must not be taken for the second's.
    await eventually('the ticket of the first view', async () =>
      site.serverRequests.includes('/v1/ticket') ? true : undefined,
    )
    site.envelope = site.sign({ version: 4 })
    site.serverRequests.length = 0
    await reader.page.goto(site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery)
    await reader.scroll()
    await assertComplete(reader)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.delivery?.()), null)
    assert.ok(!site.serverRequests.includes('/v1/ticket'))
  })

  test('waits for consent, and closes every connection when it is withdrawn', async () => {
    const holder = await newHolder()
    site.config = { consent: 'required' }
    const reader = await newReader()
    await reader.page.goto(site.url)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.arm), 'ineligible')
    assert.equal(await reader.page.evaluate(() => navigator.serviceWorker.getRegistration()), undefined)
    await reader.page.evaluate(() => window.peerpress?.consent(true))
    await reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) > 0)
    assert.equal(await reader.page.evaluate(() => window.peerpress?.arm), 'assisted')
    await reader.page.evaluate(() => window.peerpress?.consent(false))
    await reader.scroll()
    await assertComplete(reader)
    assert.equal((await reader.delivery()).bytes.peer, 0)
    assert.equal((await holder.delivery()).uploaded, 0)
  })

  test('loads no peer code in the control arm', async () => {
    site.config = { control: 1 }
    await assertLeftAlone(await newReader(), 'control')
  })

  test('loads no peer code when the reader asks for privacy', async () => {
    const reader = await newReader((page) =>
      page.evaluateOnNewDocument(() => {
        Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })
      }),
    )
    await assertLeftAlone(reader, 'ineligible')
  })

  test('stands down where the site has a service worker of its own', async () => {
    site.intercept = ({ url }, response) => {
      if (url !== '/own.js') return false
      response.setHeader('Content-Type', 'text/javascript')
      response.end('')
      return true
    }
    site.config = { mode: 'off' }
    const reader = await newReader()
    await reader.page.goto(site.url)
    await reader.page.evaluate(async () => {
      await navigator.serviceWorker.register('/own.js', { scope: '/' })
      await navigator.serviceWorker.ready
    })
    site.config = {}
    await assertLeftAlone(reader, 'ineligible')
    const script = await reader.page.evaluate(
      async () => (await navigator.serviceWorker.ready).active?.scriptURL,
    )
    assert.ok(script?.endsWith('/own.js'))
  })

  async function assertLeftAlone(reader: SiteReader, arm: string): Promise<void> {
    await reader.page.goto(site.url)
    await reader.page.waitForFunction((expected) => window.peerpress?.arm === expected, {}, arm)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok(!site.serverRequests.includes('/v1/swarm.js'))
    assert.equal(site.requests.get('/worker.js'), undefined)
  }
})

function chunksOf(media: readonly Media[]): number {
  return media.reduce((sum, { bytes: { length } }) => sum + Math.ceil(length / chunkSizeFor(length)), 0)
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

/** Lets a reader's browser send this many frames and then none any more. */
async function silenceAfter(page: Page, frames: number): Promise<void> {
  await page.evaluateOnNewDocument((allowed) => {
    // oxlint-disable-next-line typescript/unbound-method -- called with its channel below
    const send = RTCDataChannel.prototype.send as (data: unknown) => void
    let sent = 0
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      // First byte of a `frame` in `packages/wire/src/peer-message.ts`.
      if ((data as Uint8Array)[0] !== 6 || ++sent <= allowed) send.call(this, data)
    }
  }, frames)
}

function sendRanged(response: ServerResponse, range: string | undefined, bytes: Buffer): boolean {
  const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0)
  response.writeHead(
    range ? 206 : 200,
    range ? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {},
  )
  response.end(bytes.subarray(start))
  return true
}
