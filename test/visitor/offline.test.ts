import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Delivery } from '@peerpress/wire'
import type { Browser } from 'puppeteer-core'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const pictures: readonly Media[] = Array.from({ length: 3 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
const pictureBytes = pictures.reduce((sum, { bytes }) => sum + bytes.length, 0)
/** Bytes of the picture that a visit stores. The others are far below the first screens. */
const storedBytes = pictures[0]?.bytes.length ?? 0
const [first, ...rest] = pictures.map(({ name }) => `width="320" height="320" src="/media/${name}"`)
/** One picture at once, the others far below the first screens. */
const body = `<link rel="stylesheet" href="/style.css"><script src="/script.js"></script>
<h1>A post</h1><p>Its text, with an ü.</p><form method="post" action="/post/"><button>Send</button></form>
<img ${first}><div style="height: 5000px"></div>
${rest.map((img) => `<img loading="lazy" ${img}>`).join('<div style="height: 3000px"></div>')}`
const files: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/style.css': ['text/css', 'h1 { color: rgb(1, 2, 3) }'],
  '/script.js': ['text/javascript', 'document.documentElement.dataset.ran = "1"'],
}

describe('a reader who saw a post while its origin was there', { timeout: 300_000 }, () => {
  let browser: Browser
  let site: SmallSite
  let readers: SiteReader[]
  /** Answers for the origin from now on; false: as ever. */
  let fail: (response: ServerResponse) => boolean
  /** How the origin says that its page may be stored. */
  let cacheControl: string

  before(async () => {
    await ensureVisitorBundles()
    browser = await launchChromium()
  })
  after(() => browser.close())
  beforeEach(async () => {
    readers = []
    fail = () => false
    // Then the copy comes from the mirror.
    cacheControl = 'no-store'
    site = await startSmallSite(pictures, body)
    site.intercept = ({ url }, response) => {
      if (fail(response)) return true
      if (url === '/post/') response.setHeader('Cache-Control', cacheControl)
      const [type, text] = files[url ?? ''] ?? []
      if (type === undefined) return false
      response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'max-age=60' }).end(text)
      return true
    }
  })
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await site.close()
  })

  async function newReader(): Promise<SiteReader> {
    const reader = await openSiteReader(browser)
    readers.push(reader)
    return reader
  }

  /** Has a reader open the post and keep its copy. */
  async function visit(): Promise<SiteReader> {
    const reader = await newReader()
    await reader.open(site.url)
    await reader.page.waitForFunction(isSaved, {}, site.url)
    return reader
  }

  const markOf = ({ page }: SiteReader) =>
    page.evaluate(() => document.querySelector('peerpress-saved')?.textContent ?? null)
  const widths = ({ page }: SiteReader) =>
    page.evaluate(() => Array.from(document.images, (image) => image.naturalWidth))

  /**
   * Each byte counts once. The first picture is requested while the page reads its storage: each chunk of it counts for
   * the storage or for the mirror, whichever was faster.
   */
  function assertCounted({ mirror, peer, cache }: Delivery['bytes']): void {
    assert.equal(mirror + peer + cache, pictureBytes)
    assert.ok(cache <= storedBytes, `${cache} bytes from the storage`)
  }

  async function assertSaved(reader: SiteReader): Promise<void> {
    assert.match((await markOf(reader)) ?? '', /^Saved copy of .*\d{4}.* The site cannot be reached/)
    const shown = await reader.page.evaluate(() => ({
      text: document.querySelector('p')?.textContent,
      color: getComputedStyle(document.querySelector('h1') as Element).color,
      ran: document.documentElement.dataset['ran'],
      isFirst: document.body.firstElementChild?.localName,
    }))
    assert.deepEqual(shown, {
      text: 'Its text, with an ü.',
      color: 'rgb(1, 2, 3)',
      ran: '1',
      isFirst: 'peerpress-saved',
    })
  }

  test('reads it when the origin is gone, marked as a saved copy, with the pictures that it does not store from the mirror', async () => {
    site.publishPage()
    const reader = await visit()
    assert.equal(await markOf(reader), null)
    await site.killOrigin()
    const response = await reader.page.reload()
    assert.equal(response?.status(), 503)
    await assertSaved(reader)
    await reader.scroll()
    assert.deepEqual(await widths(reader), [320, 320, 320])
    const { bytes, wrongBytes, assets } = await reader.delivery()
    assertCounted(bytes)
    assert.deepEqual([bytes.origin, bytes.peer, wrongBytes], [0, 0, 0])
    assert.deepEqual(assets, { complete: 3, failed: 0 })
    assert.deepEqual(reader.errors, [])
  })

  test('gets pictures from another reader while the origin is gone', async () => {
    site.publishPage()
    const holder = await visit()
    await holder.scroll()
    const reader = await visit()
    await site.killOrigin()
    const chunks = pictures.reduce((sum, { bytes }) => sum + Math.ceil(bytes.length / 65_536), 0)
    await reader.open(site.url, chunks)
    await assertSaved(reader)
    await reader.scroll()
    assert.deepEqual(await widths(reader), [320, 320, 320])
    const { bytes, wrongBytes } = await reader.delivery()
    assertCounted(bytes)
    assert.ok(bytes.peer >= (pictures[1]?.bytes.length ?? Infinity), `${bytes.peer} bytes from the peer`)
    assert.equal(wrongBytes, 0)
  })

  test('reads the text when the server is down as well', async () => {
    site.publishPage()
    const reader = await visit()
    await Promise.all([site.killOrigin(), site.killServer()])
    await reader.page.reload({ waitUntil: 'domcontentloaded' })
    await assertSaved(reader)
  })

  for (const status of [500, 503, 429])
    test(`reads it when the origin answers ${status}, and the fresh page when it is back`, async () => {
      site.publishPage()
      const reader = await visit()
      fail = (response) => {
        response.writeHead(status).end('no')
        return true
      }
      await reader.page.reload()
      await assertSaved(reader)
      fail = () => false
      await reader.open(site.url)
      assert.equal(await markOf(reader), null)
      assert.deepEqual((await widths(reader)).slice(0, 1), [320])
    })

  test('reads it with its pictures when the origin takes requests and never answers', async () => {
    site.publishPage()
    const reader = await visit()
    fail = () => true
    await reader.page.reload()
    await assertSaved(reader)
    await reader.scroll()
    assert.deepEqual(await widths(reader), [320, 320, 320])
    const { bytes } = await reader.delivery()
    assertCounted(bytes)
    assert.deepEqual([bytes.origin, bytes.peer], [0, 0])
  })

  test('keeps the page without another request where the HTTP cache has it just as it was signed', async () => {
    cacheControl = 'no-cache'
    site.publishPage()
    const reader = await visit()
    assert.ok(!site.serverRequests.some((path) => path.startsWith('/v1/mirror/')))
    await site.killOrigin()
    await reader.page.reload({ waitUntil: 'domcontentloaded' })
    await assertSaved(reader)
  })

  test('sees no errors on the console for what the HTTP cache does not have', async () => {
    site.publishPage()
    const { intercept } = site
    site.intercept = (request, response) => {
      // Neither is in the cache under the request that reads it back.
      if (request.url === '/style.css') {
        response.writeHead(200, { 'Content-Type': 'text/css', 'Cache-Control': 'no-store' }).end('h1 {}')
        return true
      }
      if (request.url === '/post/') response.setHeader('Vary', 'Accept')
      return intercept(request, response)
    }
    cacheControl = 'max-age=60'
    const reader = await newReader()
    const printed: string[] = []
    reader.page.on('console', (message) => printed.push(`${message.location().url} ${message.text()}`))
    browser.on('targetcreated', (target) => {
      target
        .worker()
        .then((worker) => worker?.on('console', (message) => printed.push(message.text())))
        .catch(() => {})
    })
    await reader.open(site.url)
    await reader.page.waitForFunction(isSaved, {}, site.url)
    // The parts were read back before the page was stored; the page came from the mirror.
    assert.ok(site.serverRequests.some((path) => path.startsWith('/v1/mirror/')))
    assert.equal(site.requests.get('/style.css'), 1)
    const parts = await reader.page.evaluate(async () =>
      (await (await caches.open('peerpress-parts')).keys()).map(({ url }) => new URL(url).pathname),
    )
    assert.deepEqual([parts.includes('/style.css'), parts.includes('/script.js')], [false, true])
    assert.deepEqual(
      printed.filter((line) => !line.includes('/v1/rum.js') && !line.includes('/favicon.ico')),
      [],
    )
  })

  test('gets no page that was never read, and no answer to a form', async () => {
    site.publishPage()
    const reader = await visit()
    await site.killOrigin()
    await assert.rejects(reader.page.goto(new URL('/other/', site.url).href), /ERR_CONNECTION_REFUSED/)
    // The browser says so before it shows its own page, which would come in between.
    await reader.page.waitForFunction(isErrorPage)
    await reader.page.goto(site.url)
    await assertSaved(reader)
    // Later: what is evaluated ends with its page.
    await reader.page.evaluate(() => {
      setTimeout(() => document.querySelector('button')?.click())
    })
    await reader.page.waitForFunction(isErrorPage)
  })

  test('is shown the copy bound by the policies of the page', async () => {
    site.publishPage({ headers: { 'content-security-policy': "img-src 'none'" } })
    const reader = await visit()
    await site.killOrigin()
    await reader.page.reload({ waitUntil: 'domcontentloaded' })
    await assertSaved(reader)
    assert.equal(
      await reader.page.evaluate(async () => {
        const image = new Image()
        image.src = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='
        return image.decode().then(
          () => 'shown',
          () => 'forbidden',
        )
      }),
      'forbidden',
    )
  })

  test('keeps nothing that is not what the site signed', async () => {
    site.publishPage({ copy: '<body>something else' })
    const reader = await newReader()
    const copy = reader.page.waitForResponse((response) => response.url().includes('/v1/mirror/'))
    await reader.open(site.url)
    await (await copy).text()
    await site.killOrigin()
    assert.equal(await reader.page.evaluate(isSaved, site.url), false)
    await assert.rejects(reader.page.goto(site.url), /net::ERR_/)
  })

  test('loses the copy when the post is revoked', async () => {
    site.publishPage()
    const reader = await visit()
    site.revoke(2)
    await reader.page.reload()
    await reader.page.waitForFunction(isNotSaved, {}, site.url)
  })

  test('loses the copy when the origin says that the post is gone', async () => {
    site.publishPage()
    const reader = await visit()
    fail = (response) => {
      response.writeHead(404).end('gone')
      return true
    }
    await reader.page.reload()
    await reader.page.waitForFunction(isNotSaved, {}, site.url)
    await site.killOrigin()
    await assert.rejects(reader.page.goto(site.url), /net::ERR_/)
  })

  test('loses everything with the consent', async () => {
    site.publishPage()
    const reader = await visit()
    await reader.page.evaluate(() => window.peerpress?.consent(false))
    await reader.page.waitForFunction(
      async () =>
        (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0,
    )
  })

  test('keeps no copy where the page configuration does not ask for it', async () => {
    site.publishPage()
    site.config = {}
    const reader = await newReader()
    await reader.open(site.url)
    await reader.scroll()
    assert.ok(!site.serverRequests.includes('/v1/snapshot.js'))
    assert.equal(await reader.page.evaluate(() => caches.has('peerpress-pages')), false)
  })
})

/** In the page: whether its copy and its parts are kept. */
async function isSaved(url: string): Promise<boolean> {
  return (await caches.match(url, { cacheName: 'peerpress-pages' })) !== undefined
}

async function isNotSaved(url: string): Promise<boolean> {
  return (await caches.match(url, { cacheName: 'peerpress-pages' })) === undefined
}

/** In the page: whether it is the browser's own, shown for one that could not be had. */
function isErrorPage(): boolean {
  return location.href === 'chrome-error://chromewebdata/'
}
