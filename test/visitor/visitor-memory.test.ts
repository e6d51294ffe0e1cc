import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import { chunkSizeFor } from '@peerpress/wire'
import type { Browser } from 'puppeteer-core'
import { eventually } from '../support/eventually.ts'
import { downloadBytes as size } from '../support/thorough.ts'
import { type Media, startSmallSite } from '../support/browser/small-site.ts'
import { openSiteReader, type SiteReader } from '../support/browser/small-site-reader.ts'
import { ensureVisitorBundles } from '../support/browser/visitor-bundles.ts'

/** Bytes by which a reader's browser may grow while it downloads all of that: fewer than the file has. */
const mostGrowth = 60_000_000
const archive: Media = { name: 'archive.zip', type: 'application/zip', bytes: noise(size) }
const path = `/media/${archive.name}`

let browsers: readonly Browser[]
before(async () => {
  await ensureVisitorBundles()
  browsers = await Promise.all([launchChromium(), launchChromium()])
})
after(() => Promise.all(browsers.map((browser) => browser.close())))

test(
  `a download of ${size / 1e6} MB keeps no more of it in memory than a small one`,
  { timeout: 300_000 },
  async (t) => {
    const site = await startSmallSite([archive], '<p>A post</p>')
    t.after(() => site.close())
    const holder = await openSiteReader(browsers[0] as Browser)
    t.after(() => holder.close())
    await holder.open(site.url)
    const fromOrigin = await growthOf(browsers[0] as Browser, () => download(holder))
    t.diagnostic(`${(fromOrigin / 1e6).toFixed(1)} MB more while it came from the origin`)
    await eventually('what the holder stores', async () =>
      total((await storedChunks(holder)).values()) > 0.9 * size ? true : undefined,
    )
    const reader = await openSiteReader(browsers[1] as Browser)
    t.after(() => reader.close())
    await reader.open(site.url, 300)
    const fromPeer = await growthOf(browsers[1] as Browser, () => download(reader))
    t.diagnostic(`${(fromPeer / 1e6).toFixed(1)} MB more while it came from a peer`)
    const { bytes, wrongBytes } = await reader.delivery()
    t.diagnostic(`${bytes.peer} bytes of the peer, ${bytes.origin} of the origin`)
    assert.ok(bytes.peer > size / 2)
    assert.equal(bytes.peer + bytes.origin, size)
    assert.equal(wrongBytes, 0)
    assert.ok(fromOrigin < mostGrowth, `${fromOrigin} bytes`)
    assert.ok(fromPeer < mostGrowth, `${fromPeer} bytes`)
  },
)

test('a small device keeps 50 MB of such a download, the latest of it', { timeout: 300_000 }, async (t) => {
  const site = await startSmallSite([archive], '<p>A post</p>')
  t.after(() => site.close())
  const reader = await openSiteReader(browsers[0] as Browser, (page) =>
    page.evaluateOnNewDocument(() => {
      Object.defineProperty(Navigator.prototype, 'deviceMemory', { get: () => 1 })
    }),
  )
  t.after(() => reader.close())
  await reader.open(site.url)
  const grown = await growthOf(browsers[0] as Browser, () => download(reader))
  assert.ok(grown < mostGrowth, `${grown} bytes`)
  const last = Math.ceil(size / chunkSizeFor(size)) - 1
  const kept = await eventually('its last chunk in the storage', async () => {
    const chunks = await storedChunks(reader)
    return chunks.has(last) ? chunks : undefined
  })
  assert.ok(!kept.has(0))
  const stored = total(kept.values())
  assert.ok(stored <= 50_000_000 && stored > 45_000_000, `${stored} bytes`)
})

/** Reads all of it as it comes and keeps nothing. */
async function download({ page }: SiteReader): Promise<void> {
  const length = await page.evaluate(async (url) => {
    let read = 0
    const reader = ((await fetch(url)).body as ReadableStream<Uint8Array>).getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) read += part.value.length
    return read
  }, path)
  assert.equal(length, size)
}

/** How many bytes are stored of each chunk of the only file, by its index. */
async function storedChunks({ page }: SiteReader): Promise<Map<number, number>> {
  const urls = await page.evaluate(async () =>
    (await (await caches.open('peerpress-chunks')).keys()).map(({ url }) => url),
  )
  return new Map(
    urls.flatMap((url): [number, number][] => {
      const { pathname, search } = new URL(url)
      // Entries without a length tell that a chunk was used.
      return search === '' ? [] : [[Number(pathname.split('/').at(-1)), Number(search.slice(1))]]
    }),
  )
}

function total(numbers: Iterable<number>): number {
  return Array.from(numbers).reduce((sum, number) => sum + number, 0)
}

/** Bytes of memory by which a browser's renderers, page and worker in them, grew by some work, but for garbage. */
async function growthOf(browser: Browser, work: () => Promise<void>): Promise<number> {
  const atFirst = await residentInAll(browser)
  await work()
  return (await residentInAll(browser)) - atFirst
}

async function residentInAll(browser: Browser): Promise<number> {
  for (const target of browser.targets()) {
    const type: string = target.type()
    if (type !== 'page' && type !== 'service_worker') continue
    const session = await target.createCDPSession()
    await session.send('HeapProfiler.collectGarbage')
    await session.detach()
  }
  const session = await browser.target().createCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const resident = await Promise.all(renderers.map(({ id }) => residentBytes(id)))
  return total(resident)
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}

/** The same each time. */
function noise(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let block = createHash('sha512').update('archive').digest()
  for (let at = 0; at < length; at += block.copy(bytes, at))
    block = createHash('sha512').update(block).digest()
  return bytes
}
