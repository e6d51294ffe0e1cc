import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import type { Page } from 'puppeteer-core'
import { makePolluter } from '../support/browser/hostile-peers.ts'
import {
  assertComplete,
  film,
  filmPath,
  firstBytes,
  lazyBytes,
  PicturePost,
} from '../support/browser/picture-post.ts'
import { hashOf } from '../support/browser/small-site-reader.ts'

describe('a reader’s browser when others fail', { timeout: 600_000 }, () => {
  const post = new PicturePost()

  test('drops a peer that sends wrong bytes and shows none of them', async () => {
    await post.newHolder((page) => makePolluter(page))
    const reader = await post.newConnected()
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
    await post.newHolder((page) => silenceAfter(page, 40))
    const reader = await post.newConnected()
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
    await post.newHolder((page) => silenceAfter(page, 40))
    const reader = await post.newConnected()
    post.site.intercept = ({ headers }) => {
      delete headers.range
      return false
    }
    assert.equal((await reader.fetch(filmPath)).hash, hashOf(film.bytes))
  })

  test('breaks a download off rather than mix two versions of a file', async () => {
    await post.newHolder((page) => silenceAfter(page, 40))
    const reader = await post.newConnected()
    const changed = Buffer.from(film.bytes.map((byte) => byte ^ 1))
    post.site.intercept = (request, response) =>
      request.url === filmPath && sendRanged(response, request.headers.range, changed)
    assert.equal((await reader.fetch(filmPath)).broken, true)
    assert.equal((await reader.delivery()).assets.failed, 1)
  })

  test('counts the pictures that it could not show, and no others', async () => {
    post.site.intercept = ({ url, socket }, response) => {
      if (url === '/media/picture-0.png' || url === '/media/picture-2.png') response.writeHead(404).end()
      else if (url === '/media/picture-4.png') socket.destroy()
      else return false
      return true
    }
    const reader = await post.newReader()
    // The first picture was loaded without the worker, the others are asked of it.
    await reader.open(post.site.url)
    await reader.scroll()
    await reader.page.waitForFunction(() => {
      const assets = window.peerpress?.delivery?.()?.assets
      return assets && assets.complete + assets.failed === 6
    })
    assert.deepEqual((await reader.delivery()).assets, { complete: 3, failed: 3 })
    post.site.intercept = () => false
    await reader.fetch('/media/picture-2.png')
    assert.deepEqual((await reader.delivery()).assets, { complete: 4, failed: 2 })
  })

  test('counts the pictures of an origin that is down', async () => {
    post.site.intercept = ({ url, socket }) => url === '/media/picture-0.png' && !!socket.destroy()
    const reader = await post.newReader()
    await reader.open(post.site.url)
    await reader.page.waitForFunction(() => window.peerpress?.delivery?.()?.assets.failed === 1)
    post.site.intercept = ({ socket }) => !!socket.destroy()
    await reader.scroll()
    await reader.page.waitForFunction(() => window.peerpress?.delivery?.()?.assets.failed === 6)
    assert.equal((await reader.delivery()).assets.complete, 0)
  })

  test('keeps its peers when the server dies', async () => {
    await post.newHolder()
    const reader = await post.newConnected()
    await post.site.killServer()
    await reader.scroll()
    await assertComplete(reader)
    assert.ok((await reader.delivery()).bytes.peer >= 0.8 * lazyBytes)
  })

  test('has a complete page when server and tracker are not there', async () => {
    await post.newHolder()
    await post.site.killServer()
    const reader = await post.newReader()
    await reader.page.goto(post.site.url)
    await reader.scroll()
    await assertComplete(reader)
  })

  for (const method of ['digest', 'sign'] as const) {
    test(`has a complete page, and no error in it, when the browser’s ${method}() begins to fail`, async () => {
      const holder = await post.newHolder()
      const reader = await post.newConnected()
      const failing = method === 'digest' ? reader : holder
      await failing.page.evaluate((name) => {
        SubtleCrypto.prototype[name] = () => Promise.reject(new Error('no more'))
      }, method)
      await reader.scroll()
      await assertComplete(reader)
      assert.deepEqual(holder.errors, [])
      const { bytes, assets } = await reader.delivery()
      assert.equal(bytes.origin, lazyBytes + firstBytes)
      assert.deepEqual(assets, { complete: 6, failed: 0 })
    })
  }

  test('has a complete page when the page does not answer its worker', async () => {
    await post.newHolder()
    const reader = await post.newConnected({
      prepare: (page) =>
        page.evaluateOnNewDocument(() => {
          const say = Reflect.get(MessagePort.prototype, 'postMessage') as (message: unknown) => void
          MessagePort.prototype.postMessage = function (this: MessagePort, message: { type: string }) {
            if (message.type === 'lead') say.call(this, message)
          }
        }),
    })
    await reader.scroll()
    await assertComplete(reader)
    const { bytes, assets } = await reader.delivery()
    assert.equal(bytes.peer, 0)
    assert.equal(bytes.origin, lazyBytes + firstBytes)
    assert.deepEqual(assets, { complete: 6, failed: 0 })
  })
})

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
