import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { chunksOf } from '../support/browser/picture-post.ts'
import { noisePng } from '../support/browser/noise-png.ts'
import { type ReleasedPost, type Scripts, startReleasedPost } from '../support/browser/released-post.ts'
import type { Media } from '../support/browser/small-site.ts'
import { hashOf, openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const pictures: readonly Media[] = Array.from({ length: 4 }, (_, i) => ({
  name: `picture-${i}.png`,
  type: 'image/png',
  bytes: noisePng(`picture-${i}`, 320),
}))
const allBytes = pictures.reduce((sum, { bytes }) => sum + bytes.length, 0)
/** The first picture is in view at once; the others are several screens apart. */
const body = pictures
  .map(
    ({ name }, i) => `<img ${i > 0 ? 'loading="lazy"' : ''} width="320" height="320" src="/media/${name}">`,
  )
  .join('<div style="height: 3000px"></div>')

// Caches and browsers hold pages, scripts and workers of a release for weeks after its server was replaced.
describe('browser code of release 0.1 with the server of today:', { timeout: 300_000 }, () => {
  /** Two processes, so that readers who meet share none. */
  let browsers: readonly Browser[]
  let server: ServerProcess
  let post: ReleasedPost
  let readers: { reader: SiteReader; received: Map<string, string> }[] = []
  let views = 0

  before(async () => {
    server = await startServerProcess()
    post = await startReleasedPost('0.1', server, { media: pictures, body })
    browsers = await Promise.all([launchChromium(), launchChromium()])
  })
  afterEach(async () => {
    await Promise.all(readers.map(({ reader }) => reader.close()))
    readers = []
  })
  after(async () => {
    await Promise.all(browsers.map((browser) => browser.close()))
    await post.close()
    await server.close()
  })

  test('two readers of release 0.1 exchange pictures', async () => {
    await openHolder('0.1')
    await assertAssisted('0.1')
    await assertMeasured()
  })

  test('a reader of release 0.1 gets pictures from a reader of today', async () => {
    await openHolder('today')
    await assertAssisted('0.1')
    await assertMeasured()
  })

  test('a reader of today gets pictures from a reader of release 0.1', async () => {
    await openHolder('0.1')
    await assertAssisted('today')
    await assertMeasured()
  })

  test('a page of release 0.1 works with the worker of today', async () => {
    await openHolder('0.1')
    await assertAssisted('0.1', 'today')
    await assertMeasured()
  })

  test('a page of today works with the worker of release 0.1', async () => {
    await openHolder('today')
    await assertAssisted('today', '0.1')
    await assertMeasured()
  })

  /** Opens a reader whose page has seen all pictures and stays open. */
  async function openHolder(scripts: Scripts): Promise<void> {
    const holder = await open({ page: scripts, worker: scripts })
    await holder.open(post.url)
    await holder.scroll()
    post.sent = 0
  }

  /** Opens a reader beside the holder: its page is complete, and its later pictures come from the holder. */
  async function assertAssisted(page: Scripts, worker = page): Promise<void> {
    const reader = await open({ page, worker })
    await reader.open(post.url, chunksOf(pictures))
    await reader.scroll()
    const { bytes, assets, wrongBytes } = await reader.delivery()
    const later = allBytes - (pictures[0]?.bytes.length ?? 0)
    // A machine that is so busy that a page answers its worker too late gets some from the origin.
    assert.ok(bytes.peer >= later / 2, `${bytes.peer} of ${later} bytes came from the peer`)
    assert.equal(
      Object.values(bytes).reduce((sum, count) => sum + count, 0),
      allBytes,
    )
    assert.equal(bytes.origin, post.sent)
    assert.deepEqual([assets, wrongBytes], [{ complete: pictures.length, failed: 0 }, 0])
  }

  /** Every page is complete and threw nothing; each view is in the report once its reader has left. */
  async function assertMeasured(): Promise<void> {
    for (const { reader, received } of readers) {
      for (const { name, bytes } of pictures) assert.equal(received.get(`/media/${name}`), hashOf(bytes))
      assert.deepEqual(reader.errors, [])
      await reader.page.goto('about:blank')
    }
    views += readers.length
    const client = graphqlClient(server.url)
    const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
    const variables = { siteId: post.site.siteId, range }
    const { reliability, delivery } = await eventually(`${views} views in the report`, async () => {
      const { site } = await client.query<{ site: { report: { totals: Totals } } }>(query, variables)
      const { totals } = site.report
      const counted = Object.values(totals.delivery.bytes).reduce((sum, bytes) => sum + bytes, 0)
      return totals.views === views && counted === views * allBytes ? totals : undefined
    })
    assert.deepEqual(reliability, { assetSuccessRatio: 1, wrongBytes: 0 })
    assert.ok(delivery.bytes.peer > 0)
  }

  async function open(scripts: ReleasedPost['scripts']): Promise<SiteReader> {
    post.scripts = scripts
    const received = new Map<string, string>()
    const reader = await openSiteReader(browsers[readers.length % 2] as Browser, async (page) => {
      page.on('response', (response) => {
        const { pathname } = new URL(response.url())
        if (!pathname.startsWith('/media/')) return
        // A picture whose bytes cannot be read is missing above.
        const note = (bytes: Uint8Array) => received.set(pathname, hashOf(bytes))
        response.buffer().then(note, () => undefined)
      })
    })
    readers.push({ reader, received })
    return reader
  }
})

interface Totals {
  readonly views: number
  readonly reliability: { readonly assetSuccessRatio: number | null; readonly wrongBytes: number }
  readonly delivery: {
    readonly bytes: Readonly<Record<'peer' | 'seed' | 'mirror' | 'origin' | 'cache', number>>
  }
}

const query = `query($siteId: String!, $range: RangeInput!) { site(siteId: $siteId) { report(range: $range) { totals {
  views
  reliability { assetSuccessRatio wrongBytes }
  delivery { bytes { peer seed mirror origin cache } }
} } } }`
