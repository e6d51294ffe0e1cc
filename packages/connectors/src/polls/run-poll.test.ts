import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type ConnectorRecord, openRegistry, type Registry, type Site } from '@peerpress/registry'
import type { NamedPage, PollConnector } from '../contract.ts'
import { defaultPollLimits, runPoll } from './run-poll.ts'

const hour = 3_600_000

describe('a poll', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-run-poll-'))
  let now = Date.UTC(2026, 0, 1)
  let registry: Registry
  let site: Site
  let record: ConnectorRecord
  let sites = 0
  /** Pages that the source names, and the paths of the requested pages. */
  let named: NamedPage[] = []
  let requested: string[] = []

  before(async () => {
    registry = await openRegistry({ directory, now: () => now })
  })
  after(async () => {
    await registry.close()
    rmSync(directory, { recursive: true, force: true })
  })
  beforeEach(async () => {
    const url = `https://blog-${++sites}.example/`
    site = (await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site
    record = (await registry.connectors.set({ site: site.id, kind: 'feed', url: `${url}feed` })).connector
    named = []
  })

  const page = (name: string, hint: string | null = null): NamedPage => ({ url: site.url + name, hint })
  const listed: PollConnector = {
    kind: 'feed',
    async *poll() {
      yield* named
      return { isUnchanged: false, cursor: { polled: 'yes' } }
    },
  }
  const unchanged: PollConnector = {
    kind: 'feed',
    // oxlint-disable-next-line require-yield -- it names no page
    async *poll({ cursor }) {
      return { isUnchanged: true, cursor }
    },
  }

  async function poll(connector = listed, limits: Partial<typeof defaultPollLimits> = {}) {
    requested = []
    const result = await runPoll(
      { site, record, connector, signal: new AbortController().signal },
      {
        registry,
        client: { get: () => Promise.reject(new Error('no network here')) },
        request: async (_site, { url }) => {
          requested.push(new URL(url).pathname)
        },
        limits: { ...defaultPollLimits, ...limits },
        now: () => now,
      },
    )
    await registry.connectors.succeeded(record.id, result)
    record = (await registry.connectors.get(record.id)) ?? assert.fail()
    return result
  }

  test('requests new pages and pages whose hint changed, and no others', async () => {
    named = [page('a', '1'), page('b', '1'), page('c')]
    const { dueAt, cursor } = await poll()
    assert.deepEqual(requested, ['/a', '/b', '/c'])
    assert.deepEqual([dueAt, cursor], [new Date(now + hour / 4), { polled: 'yes' }])
    named = [page('a', '2'), page('b', '1'), page('c'), page('d')]
    await poll()
    assert.deepEqual(requested, ['/a', '/d'])
    // The source states no version any more, which is no reason to request the page.
    named = [page('a'), page('b', '1'), page('c'), page('d')]
    await poll()
    assert.deepEqual(requested, [])
  })

  test('leaves what is too much for one poll to the next, which comes soon', async () => {
    named = Array.from({ length: 500 }, (_, n) => page(`${n}`))
    const first = await poll(listed, { maxRequests: 300 })
    assert.deepEqual([requested.length, first.isComplete], [300, false])
    assert.deepEqual([first.cursor, first.dueAt], [{}, new Date(now + 300_000)])
    const second = await poll(listed, { maxRequests: 300 })
    assert.deepEqual([requested.length, second.isComplete, second.named], [200, true, 500])
  })

  test('a poll that was ended in the middle continues where it was', async () => {
    named = Array.from({ length: 450 }, (_, n) => page(`${n}`))
    const broken: PollConnector = {
      kind: 'feed',
      async *poll() {
        yield* named.slice(0, 420)
        throw new Error('the connection failed')
      },
    }
    await assert.rejects(poll(broken), { message: 'the connection failed' })
    assert.equal(requested.length, 400)
    await poll()
    assert.equal(requested.length, 50)
  })

  test('reads a limited number of pages, and says so', async () => {
    named = Array.from({ length: 50 }, (_, n) => page(`${n}`))
    const { problems, isComplete } = await poll(listed, { maxPages: 20 })
    assert.equal(requested.length, 20)
    assert.equal(isComplete, false)
    assert.match(problems.join(''), /first 20 pages/)
  })

  test('requests a page once that is named no more, and each page again after a day', async () => {
    named = [page('a', '1'), page('b', '1')]
    await poll()
    named = [page('b', '1')]
    await poll()
    assert.deepEqual(requested, ['/a'])
    await poll()
    assert.deepEqual(requested, [])
    now += 25 * hour
    await poll(unchanged, { maxChecks: 1 })
    assert.equal(requested.length, 1)
    await poll(unchanged)
    assert.equal(requested.length, 1)
  })

  test('a list that was cut off is no reason to request pages that it does not name', async () => {
    named = [page('a'), page('b')]
    await poll()
    named = Array.from({ length: 30 }, (_, n) => page(`new-${n}`))
    await poll(listed, { maxPages: 10 })
    assert.ok(!requested.includes('/a'))
  })

  test('a source that names no page fails, and nothing is requested or forgotten', async () => {
    named = [page('a')]
    await poll()
    named = []
    await assert.rejects(poll(), { code: 'bad-source', message: /names no page/ })
    named = [{ url: 'https://other.example/', hint: null }]
    await assert.rejects(poll(), { code: 'bad-source', message: /on no origin of the site/ })
    named = [page('a')]
    await poll()
    assert.deepEqual(requested, [])
  })

  test('a source that never ends is cut off by time', async () => {
    const endless: PollConnector = {
      kind: 'feed',
      async *poll({ fetch, url }) {
        yield page('a')
        await fetch(url)
        return { isUnchanged: false, cursor: {} }
      },
    }
    const stuck = runPoll(
      { site, record, connector: endless, signal: new AbortController().signal },
      {
        registry,
        request: () => Promise.resolve(),
        limits: { ...defaultPollLimits, time: 10 },
        now: () => now,
        client: {
          get: (_site, _url, { signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')))
            }),
        },
      },
    )
    await assert.rejects(stuck, { code: 'bad-source', message: /not read within/ })
  })
})
