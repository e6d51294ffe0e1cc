import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { noisePng } from '../support/browser/noise-png.ts'
import { type Media, type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

const pictures: readonly Media[] = Array.from({ length: 3 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
const film: Media = {
  name: 'film.bin',
  type: 'application/octet-stream',
  bytes: Buffer.concat(
    Array.from({ length: 300_000 }, (_, i) => createHash('sha256').update(`film ${i}`).digest()),
  ),
}
const pictureBytes = pictures.reduce((sum, { bytes }) => sum + bytes.length, 0)
/** Below the first screens, so that they are asked for when the worker is there. */
const body = `<div style="height: 5000px"></div>${pictures
  .map(({ name }) => `<img loading="lazy" width="320" height="320" src="/media/${name}">`)
  .join('<div style="height: 3000px"></div>')}`

describe('a reader alone whose origin is down', { timeout: 240_000 }, () => {
  let browser: Browser
  let site: SmallSite
  let reader: SiteReader

  before(async () => {
    await ensureVisitorBundles()
    browser = await launchChromium()
  })
  after(() => browser.close())
  beforeEach(async () => {
    site = await startSmallSite([...pictures, film], body)
    site.hasMirror = true
    reader = await openSiteReader(browser)
    await reader.open(site.url)
  })
  afterEach(async () => {
    await reader.close()
    await site.close()
  })

  /** From now on the origin answers every request for media like this; null: not at all. */
  function fail(status: number | null): void {
    site.intercept = ({ url, socket }, response) => {
      if (url?.startsWith('/media/') !== true) return false
      if (status === null) socket.destroy()
      else response.writeHead(status).end('no')
      return true
    }
  }

  for (const status of [503, 429, null])
    test(`gets its pictures from the mirror when the answer is ${status ?? 'none'}`, async () => {
      fail(status)
      await reader.scroll()
      const widths = await reader.page.evaluate(() =>
        Array.from(document.images, (image) => image.naturalWidth),
      )
      assert.deepEqual(widths, [320, 320, 320])
      const { assets, bytes, wrongBytes } = await reader.delivery()
      assert.deepEqual(assets, { complete: 3, failed: 0 })
      assert.equal(bytes.mirror, pictureBytes)
      assert.equal(bytes.origin, 0)
      assert.equal(wrongBytes, 0)
    })

  test('gets a large file and any range of it from the mirror', async () => {
    fail(500)
    const whole = await reader.fetch('/media/film.bin')
    assert.deepEqual([whole.status, whole.hash], [200, hashOf(film.bytes)])
    const part = await reader.fetch('/media/film.bin', { Range: 'bytes=1000000-2999999' })
    assert.deepEqual([part.status, part.hash], [206, hashOf(film.bytes.subarray(1_000_000, 3_000_000))])
  })

  test('goes from a mirror that fails to the next, and leaves the first alone then', async () => {
    site.hasMirror = false
    site.mirrors = { '/first/': 503, '/second/': 'copies' }
    await reader.open(site.url)
    fail(503)
    await reader.scroll()
    const whole = await reader.fetch('/media/film.bin')
    assert.equal(whole.hash, hashOf(film.bytes))
    const { assets, bytes, wrongBytes } = await reader.delivery()
    assert.deepEqual(assets, { complete: 4, failed: 0 })
    assert.deepEqual([bytes.mirror, bytes.origin, wrongBytes], [pictureBytes + film.bytes.length, 0, 0])
    const asked = (mirror: string): number =>
      site.serverRequests.filter((path) => path.startsWith(mirror)).length
    assert.ok(asked('/second/') >= 4)
    // The first pictures may be asked for at once.
    assert.ok(asked('/first/') < asked('/second/'), `${asked('/first/')} times`)
    assert.equal(asked('/v1/mirror/'), 0)
  })

  test('gets what the origin says when the mirror has nothing either', async () => {
    site.hasMirror = false
    fail(503)
    assert.equal((await reader.fetch('/media/picture-0.png')).status, 503)
  })

  test('gets a refusal of the origin as it is', async () => {
    fail(403)
    assert.equal((await reader.fetch('/media/picture-0.png')).status, 403)
    assert.equal((await reader.delivery()).bytes.mirror, 0)
  })
})
