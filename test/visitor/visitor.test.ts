import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { saveNextDownload } from '../support/browser/save-next-download.ts'
import {
  allChunks,
  chunksOf,
  assertComplete,
  film,
  filmPath,
  firstBytes,
  lazyBytes,
  PicturePost,
  pictures,
} from '../support/browser/picture-post.ts'
import { hashOf } from '../support/browser/small-site-reader.ts'

describe('a reader’s browser', { timeout: 600_000 }, () => {
  const post = new PicturePost()

  test('gets the later pictures of its very first view from another reader', async () => {
    const holder = await post.newHolder()
    const reader = await post.newConnected()
    const got = new Map<string, string>()
    reader.page.on('response', (response) => {
      if (!response.url().includes('/media/')) return
      // What cannot be read is missed below.
      const note = (bytes: Uint8Array) => got.set(new URL(response.url()).pathname, hashOf(bytes))
      response.buffer().then(note, () => undefined)
    })
    await reader.scroll()
    await assertComplete(reader)
    for (const { name, bytes } of pictures.slice(1)) assert.equal(got.get(`/media/${name}`), hashOf(bytes))
    const { bytes, assets, wrongBytes } = await reader.delivery()
    // Not all on a machine so busy that a page cannot answer its worker in time.
    assert.ok(bytes.peer >= 0.8 * lazyBytes, `${bytes.peer} of ${lazyBytes} bytes`)
    assert.equal(bytes.peer + bytes.origin, lazyBytes + firstBytes)
    assert.equal(bytes.origin, total(post.site.sent))
    assert.deepEqual(assets, { complete: 6, failed: 0 })
    assert.equal(wrongBytes, 0)
    assert.ok((await holder.delivery()).uploaded >= bytes.peer)
  })

  test('offers what it loaded before the worker was there', async () => {
    const holder = await post.newReader()
    await holder.open(post.site.url)
    post.site.body = ''
    const reader = await post.newConnected({ chunks: chunksOf(pictures.slice(0, 1)) })
    await reader.fetch('/media/picture-0.png')
    assert.equal((await reader.delivery()).bytes.peer, firstBytes)
    assert.equal((await holder.delivery()).bytes.origin, firstBytes)
  })

  test('answers ranges as the origin would', async () => {
    await post.newHolder()
    const reader = await post.newConnected()
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
    post.site.requests.delete(filmPath)
    await reader.fetch(filmPath, { Range: 'bytes=0-1,5-6' })
    assert.equal(post.site.requests.get(filmPath), 1)
  })

  test('gets a large download from another reader', async () => {
    await post.newHolder()
    const reader = await post.newConnected()
    const fetched = await reader.fetch(filmPath)
    assert.equal(fetched.status, 200)
    assert.equal(fetched.hash, hashOf(film.bytes))
    const { bytes, assets } = await reader.delivery()
    assert.ok(bytes.peer >= 0.5 * film.bytes.length, `${bytes.peer} of ${film.bytes.length} bytes`)
    assert.equal(bytes.peer + bytes.origin, film.bytes.length + firstBytes)
    assert.deepEqual(assets, { complete: 2, failed: 0 })
  })

  test('gets a file that a link leads to from another reader', async () => {
    await post.newHolder()
    post.site.body = `<a href="${filmPath}">The film</a>`
    const reader = await post.newConnected()
    const saved = await saveNextDownload(reader.page, () => reader.page.click('a'))
    assert.equal(saved.name, film.name)
    assert.equal(hashOf(saved.bytes), hashOf(film.bytes))
    const { bytes } = await reader.delivery()
    assert.ok(bytes.peer >= 0.5 * film.bytes.length, `${bytes.peer} of ${film.bytes.length} bytes`)
    assert.equal(reader.page.url(), post.site.url)
  })

  test('saves a file under the name that its origin gives it', async () => {
    post.site.envelope = post.site.sign({ disposition: 'attachment; filename="Quarterly report 2026.zip"' })
    await post.newHolder()
    post.site.body = `<a href="${filmPath}">The report</a>`
    const reader = await post.newConnected()
    const saved = await saveNextDownload(reader.page, () => reader.page.click('a'))
    assert.equal(saved.name, 'Quarterly report 2026.zip')
    assert.equal(hashOf(saved.bytes), hashOf(film.bytes))
  })

  test('gets pictures of another origin from another reader, asked for with CORS or without', async () => {
    const elsewhere = pictures.slice(1).map(({ name }) => name)
    post.site.envelope = post.site.sign({ onCdn: elsewhere })
    post.site.body = elsewhere.reduce(
      (html, name, index) =>
        html
          .replace(`src="/media/${name}"`, `src="${post.site.cdnUrl}/media/${name}"`)
          .replace('<img loading', index % 2 ? '<img crossorigin loading' : '<img loading'),
      post.site.body,
    )
    const shown: string[] = []
    const listen = async (page: Page) => {
      page.on('console', (message) => {
        // This site has neither.
        if (!/\/(?:favicon\.ico|v1\/rum\.js)$/.test(message.location().url ?? '')) shown.push(message.text())
      })
    }
    await post.newHolder(listen)
    // One request for each: what the page shows is what it offers to others.
    const asked = post.site.cdnRequests.splice(0)
    assert.deepEqual(
      asked.map(([path]) => path).toSorted(),
      elsewhere.map((name) => `/media/${name}`),
    )
    assert.ok(asked.every(([, origin]) => origin === new URL(post.site.url).origin))
    const reader = await post.newConnected({ prepare: listen })
    await reader.scroll()
    await assertComplete(reader)
    const { bytes, assets, wrongBytes } = await reader.delivery()
    assert.ok(bytes.peer >= 0.8 * lazyBytes, `${bytes.peer} of ${lazyBytes} bytes`)
    assert.deepEqual([assets, wrongBytes], [{ complete: 6, failed: 0 }, 0])
    assert.deepEqual(shown, [])
  })

  test('finds its peers again after the browser stopped the worker', async () => {
    await post.newHolder()
    const reader = await post.newConnected()
    const session = await reader.page.createCDPSession()
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    // The worker that is started for this request knows nothing of the page yet.
    assert.equal((await reader.fetch('/media/picture-1.png')).status, 200)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.5 * lazyBytes)
  })

  test('meets its peers again when the reader comes back to a kept page', async () => {
    await post.newHolder()
    const reader = await post.newConnected()
    // A kept page keeps what it counted.
    await reader.page.evaluate(() => delete window.announcedChunks)
    await reader.page.goto(`${new URL(post.site.url).origin}/nothing-here`)
    await reader.page.goBack()
    await reader.page.waitForFunction((chunks) => (window.announcedChunks ?? 0) >= chunks, {}, allChunks)
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.8 * lazyBytes)
  })
})

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
