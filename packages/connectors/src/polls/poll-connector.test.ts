import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import { ConnectorError } from '../connector-error.ts'
import { pollConnector } from './poll-connector.ts'
import { defaultPollLimits } from './run-poll.ts'

const minute = 60_000

describe('the job of a poll', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-poll-job-'))
  let now = Date.UTC(2026, 0, 1)
  let registry: Registry
  let sites = 0

  before(async () => {
    registry = await openRegistry({ directory, now: () => now })
  })
  after(async () => {
    await registry.close()
    rmSync(directory, { recursive: true, force: true })
  })

  async function addFeed() {
    const url = `https://job-${++sites}.example/`
    const { site } = await registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })
    const { connector } = await registry.connectors.set({ site: site.id, kind: 'feed', url: `${url}feed` })
    return { site: site.id, id: connector.id }
  }
  const run = (data: unknown, failure: Error, signal = new AbortController().signal) =>
    pollConnector(
      { id: 'job', data, attempt: 0, signal },
      {
        registry,
        client: { get: () => Promise.reject(failure) },
        request: () => Promise.resolve(),
        limits: defaultPollLimits,
        now: () => now,
      },
    )
  /** Fails once, and returns the minutes until the next poll. */
  async function failOnce(id: string, failure: Error): Promise<number> {
    await run({ connector: id }, failure)
    const { dueAt } = (await registry.connectors.get(id)) ?? assert.fail()
    const pause = (dueAt?.getTime() ?? 0) - now
    now += pause
    return pause / minute
  }

  test('a failed poll is recorded, and its pause doubles up to six hours', async () => {
    const { id } = await addFeed()
    const pauses: number[] = []
    for (let n = 0; n < 8; n++) pauses.push(await failOnce(id, new Error('the connection failed')))
    assert.deepEqual(pauses, [15, 30, 60, 120, 240, 360, 360, 360])
    const { error, failures } = (await registry.connectors.get(id)) ?? assert.fail()
    assert.deepEqual([error, failures], ['the connection failed', 8])
  })

  test('a site that requests a longer pause gets it', async () => {
    const { id } = await addFeed()
    const failure = new ConnectorError('bad-source', 'too many requests', { retryAfter: 600 * minute })
    assert.equal(await failOnce(id, failure), 600)
  })

  test('a poll that is not due, of a removed connector, or of no connector at all does nothing', async () => {
    const { site, id } = await addFeed()
    await failOnce(id, new Error('first'))
    now -= 1
    await run({ connector: id }, new Error('second'))
    assert.equal((await registry.connectors.get(id))?.error, 'first')
    await registry.connectors.remove(site, id)
    for (const data of [{ connector: id }, { connector: '\0' }, {}, null]) await run(data, new Error('third'))
  })

  test('a disconnected site is not polled, and the list says so', async () => {
    const { site, id } = await addFeed()
    await registry.sites.disconnect(site)
    await run({ connector: id }, new Error('asked'))
    assert.match((await registry.connectors.get(id))?.error ?? '', /has disconnected/)
  })

  test('a poll that the server stopped is left to the queue', async () => {
    const { id } = await addFeed()
    await assert.rejects(run({ connector: id }, new Error('stopped'), AbortSignal.abort()))
    const { polledAt, error } = (await registry.connectors.get(id)) ?? assert.fail()
    assert.deepEqual([polledAt, error], [null, null])
  })
})
