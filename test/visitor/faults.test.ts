import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { after, afterEach, before, describe, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { publishSampleSite, sampleDirectory } from '@peerpress/testbed'
import { eventually } from '../support/eventually.ts'
import { makePolluter, makeSilent } from '../support/browser/hostile-peers.ts'
import { type ReadingRecord, readerInOwnChromium } from '../support/browser/read-as.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const missingFeatures: Readonly<Record<string, () => void>> = {
  'service workers': () => {
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')
  },
  WebRTC: () => {
    Reflect.deleteProperty(window, 'RTCPeerConnection')
  },
  'Ed25519 in WebCrypto': () => {
    const importKey = Reflect.get(SubtleCrypto.prototype, 'importKey') as (
      ...args: unknown[]
    ) => Promise<CryptoKey>
    SubtleCrypto.prototype.importKey = function (this: SubtleCrypto, ...args: unknown[]) {
      const algorithm = args[2]
      const isEd25519 = algorithm === 'Ed25519' || (algorithm as { name?: string }).name === 'Ed25519'
      if (isEd25519) return Promise.reject(new DOMException('no Ed25519', 'NotSupportedError'))
      return Reflect.apply(importKey, this, args)
    } as typeof SubtleCrypto.prototype.importKey
  },
}

// Whatever fails, the page is complete and right. Every test has its own server and site, so that no swarm is shared.
describe('a reader’s page is complete', () => {
  let server: ServerProcess
  let site: Awaited<ReturnType<typeof publishSampleSite>>
  let closers: (() => Promise<unknown>)[]

  before(async () => {
    server = await startServerProcess()
  })
  after(() => server.close())
  const begin = async () => {
    closers = []
    site = await publishSampleSite({
      url: server.url,
      client: graphqlClient(server.url, await server.token()),
    })
    closers.push(() => site.close())
  }
  afterEach(async () => {
    for (const close of closers.toReversed()) await close()
  })
  const newReader = (address?: string) =>
    readerInOwnChromium({ url: site.postUrl, closers, ...(address === undefined ? {} : { address }) })

  test('when a third peer sends wrong bytes, which the report counts', { timeout: 180_000 }, async () => {
    await begin()
    const honest = await newReader()
    await honest.reader.read()
    const polluter = await newReader('145.100.0.1')
    await makePolluter(polluter.reader.page)
    await polluter.reader.read()
    const victim = await newReader('133.11.0.1')
    // Without a connection to both, everything could come from the honest one.
    await victim.reader.page.goto(site.postUrl)
    await victim.reader.page.waitForFunction(() => (window.peerpress?.delivery?.()?.peers ?? 0) >= 2)
    await victim.reader.scroll()
    await expectComplete(victim)
    await victim.reader.leave()
    const figures = await eventually('the wrong chunks in the report', async () => {
      const found = await reliabilityIn('JP')
      return found !== undefined && found.rejectedChunks > 0 ? found : undefined
    })
    assert.ok(figures.droppedPeers >= 1)
    assert.equal(figures.wrongBytes, 0)
    assert.equal(figures.assetSuccessRatio, 1)
  })

  test('when its only peer falls silent in the middle of a chunk', { timeout: 180_000 }, async () => {
    await begin()
    const silent = await newReader()
    await makeSilent(silent.reader.page)
    await silent.reader.read()
    const reader = await newReader()
    await reader.reader.read()
    await expectComplete(reader)
  })

  test('when the server is killed while the page is read', { timeout: 180_000 }, async () => {
    await begin()
    const first = await newReader()
    await first.reader.read()
    const second = await newReader()
    await second.reader.page.goto(site.postUrl, { waitUntil: 'load' })
    await server.kill()
    try {
      await second.reader.scroll()
      await expectComplete(second)
    } finally {
      await server.restart()
    }
  })

  test('when the server was dead before it came', { timeout: 180_000 }, async () => {
    await begin()
    await server.kill()
    try {
      const reader = await newReader()
      await reader.reader.read()
      await expectComplete(reader)
    } finally {
      await server.restart()
    }
  })

  for (const [what, remove] of Object.entries(missingFeatures)) {
    test(`when the browser has no ${what}`, { timeout: 180_000 }, async () => {
      await begin()
      const reader = await newReader()
      await reader.reader.page.evaluateOnNewDocument(remove)
      await reader.reader.read()
      await expectComplete(reader)
      const arm = await reader.reader.page.evaluate(() => Reflect.get(window, 'peerpress')?.arm)
      assert.equal(arm, 'ineligible')
    })
  }

  /** All ten pictures are there, shown, and the very bytes of the sample; nothing was thrown into the page. */
  async function expectComplete({ reader, pictures, errors }: ReadingRecord): Promise<void> {
    const widths = await reader.page.$$eval('img', (all) => all.map(({ naturalWidth }) => naturalWidth))
    assert.equal(widths.length, 10)
    assert.ok(widths.every((width) => width > 0))
    await eventually('the bodies of all pictures', async () => (pictures.size === 10 ? true : undefined))
    for (const [url, digest] of pictures) {
      const bytes = await readFile(join(sampleDirectory, basename(new URL(url).pathname)))
      assert.equal(digest, createHash('sha256').update(bytes).digest('hex'), url)
    }
    assert.deepEqual(errors, [])
  }

  async function reliabilityIn(country: string): Promise<Reliability | undefined> {
    const { site: found } = await graphqlClient(server.url).query<{
      site: { report: { totals: { views: number; reliability: Reliability } } }
    }>(
      `query($siteId: String!, $range: RangeInput!, $filter: ReportFilter) {
        site(siteId: $siteId) { report(range: $range, filter: $filter) { totals { views
          reliability { assetSuccessRatio wrongBytes rejectedChunks droppedPeers } } } } }`,
      {
        siteId: site.siteId,
        range: { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) },
        filter: { country },
      },
    )
    const { views, reliability } = found.report.totals
    return views > 0 ? reliability : undefined
  }
})

interface Reliability {
  readonly assetSuccessRatio: number | null
  readonly wrongBytes: number
  readonly rejectedChunks: number
  readonly droppedPeers: number
}
