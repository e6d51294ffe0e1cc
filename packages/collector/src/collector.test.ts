import assert from 'node:assert/strict'
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { StoreError } from '@peerpress/store'
import { encodeBeacon, maxBeaconLength } from '@peerpress/wire'
import { beaconOf, requestOf, siteId, siteOrigin } from './beacon.testing.ts'
import { type BeaconRequest, type Collector, type CollectorOptions, openCollector } from './collector.ts'

const receivedAt = Date.UTC(2026, 2, 8, 12)
const beacon = beaconOf(1)

describe('collector', { timeout: 60_000 }, () => {
  let directory: string
  let inserted: { view: string; country: string | null; started_at: string }[]
  let current: Collector | undefined

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'collector-'))
    inserted = []
  })
  afterEach(async () => {
    await current?.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function opened(options: Partial<CollectorOptions> = {}): Promise<Collector> {
    current = await openCollector({
      directory,
      store: {
        async insertViews(rows) {
          for (const line of rows.toString().trimEnd().split('\n')) inserted.push(JSON.parse(line))
        },
      },
      site: async (id) => (id === siteId ? { origins: [siteOrigin, 'https://www.blog.example'] } : null),
      now: () => receivedAt,
      ...options,
    })
    return current
  }

  const drops: Readonly<Record<string, [status: number, reason: string, BeaconRequest]>> = {
    'more than 64 KiB': [
      413,
      'too-large',
      requestOf(beacon, { body: Buffer.alloc(maxBeaconLength + 1, ' ') }),
    ],
    'nothing at all': [400, 'malformed', requestOf(beacon, { body: Buffer.alloc(0) })],
    'no JSON': [400, 'malformed', requestOf(beacon, { body: Buffer.from('{"version":1') })],
    'no UTF-8': [400, 'malformed', requestOf(beacon, { body: Buffer.from([0xff, 0xfe, 0x00, 0x80]) })],
    'JSON that is no beacon': [400, 'invalid', requestOf(beacon, { body: Buffer.from('[]') })],
    'a field too many': [400, 'invalid', requestOf({ ...beacon, email: 'a@b.example' } as typeof beacon)],
    'another version': [400, 'invalid', requestOf({ ...beacon, version: 2 } as unknown as typeof beacon)],
    'a view longer than a week': [400, 'invalid', requestOf(beaconOf(1, { age: 7 * 86_400_000 + 1 }))],
    'a view that begins after its reception': [400, 'invalid', requestOf(beaconOf(1, { age: -1 }))],
    'an unknown site': [404, 'unknown-site', requestOf(beaconOf(1, { site: 'zzzzzzzzzzzzzzzz' }))],
    "another site's page": [403, 'wrong-origin', requestOf(beacon, { origin: 'https://evil.example' })],
    'a page without an origin': [403, 'wrong-origin', requestOf(beacon, { origin: null })],
    'a page in a sandbox': [403, 'wrong-origin', requestOf(beacon, { origin: 'null' })],
    "another site's address": [
      403,
      'wrong-origin',
      requestOf(beaconOf(1, { url: 'https://evil.example/post' })),
    ],
    'the same host on another port': [
      403,
      'wrong-origin',
      requestOf(beaconOf(1, { url: 'https://blog.example:8443/post' })),
    ],
    'a crawler': [
      204,
      'bot',
      requestOf(beacon, {
        userAgent:
          'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html) Chrome/140.0.0.0 Safari/537.36',
      }),
    ],
    'a script': [204, 'bot', requestOf(beacon, { userAgent: 'curl/8.14.1' })],
  }
  for (const [what, [status, reason, request]] of Object.entries(drops)) {
    test(`${what} is dropped with ${status}, counted as ${reason}, and not kept`, async () => {
      const collector = await opened()
      const answer = await collector.receive(request)
      assert.ok(!answer.accepted)
      assert.deepEqual([answer.status, answer.reason], [status, reason])
      assert.notEqual(answer.detail, '')
      assert.equal(answer.retryAfter, undefined)
      const counted = Object.entries(collector.counts()).filter(([, count]) => count > 0)
      assert.deepEqual(counted, [[reason, 1]])
      await collector.flush()
      assert.deepEqual(inserted, [])
    })
  }

  test('a beacon of exactly 64 KiB, and one of any of the site’s origins, is taken', async () => {
    const collector = await opened()
    const text = encodeBeacon(beacon)
    const padded = Buffer.from(text.padEnd(maxBeaconLength))
    assert.deepEqual(await collector.receive(requestOf(beacon, { body: padded })), { accepted: true })
    const other = beaconOf(2, { url: 'https://www.blog.example/' })
    assert.deepEqual(await collector.receive(requestOf(other, { origin: 'https://www.blog.example' })), {
      accepted: true,
    })
    assert.equal(collector.counts().accepted, 2)
    await collector.flush()
    assert.deepEqual(
      inserted.map(({ view, started_at }) => [view, started_at]),
      [
        [beacon.view, '2026-03-08 11:59:58.000'],
        [other.view, '2026-03-08 11:59:58.000'],
      ],
    )
  })

  test('keeps the country of an address and the address nowhere', async () => {
    const addresses = ['193.0.6.139', '133.11.0.1', '8.8.8.8', '10.1.2.3', '2001:67c:2e8::1', 'garbage']
    const collector = await opened({
      store: { insertViews: () => Promise.reject(new StoreError('unavailable', 'down')) },
    })
    for (const [view, address] of addresses.entries())
      await collector.receive(requestOf(beaconOf(view), { address }))
    await collector.close()
    const names = await readdir(directory, { recursive: true })
    assert.ok(names.some((name) => name.endsWith('.log')))
    for (const name of names) {
      const bytes = await readFile(join(directory, name))
      for (const address of addresses) assert.equal(bytes.includes(address), false, `${address} in ${name}`)
      assert.equal(
        names.some((other) => addresses.some((address) => other.includes(address))),
        false,
      )
    }

    const reopened = await opened()
    await reopened.flush()
    assert.deepEqual(
      // A row leaves out what is not known.
      inserted.map(({ country }) => country ?? null),
      ['NL', 'JP', 'US', null, 'NL', null],
    )
  })

  test('while sites cannot be looked up, beacons are refused for a while', async () => {
    let isDown = true
    const collector = await opened({
      async site() {
        if (isDown) throw new Error('connection refused to postgres://user:secret@host')
        return { origins: [siteOrigin] }
      },
    })
    assert.deepEqual(await collector.receive(requestOf(beacon)), {
      accepted: false,
      status: 503,
      reason: 'unavailable',
      detail: 'sites cannot be looked up now',
      retryAfter: 30,
    })
    isDown = false
    assert.deepEqual(await collector.receive(requestOf(beacon)), { accepted: true })
    assert.deepEqual([collector.counts().accepted, collector.counts().unavailable], [1, 1])
  })

  test('while the disk takes nothing, beacons are refused for a while', async () => {
    let isFull = true
    const collector = await opened({
      async createFile(path) {
        if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
        return open(path, 'wx')
      },
    })
    const answer = await collector.receive(requestOf(beacon))
    assert.ok(!answer.accepted)
    assert.deepEqual([answer.status, answer.reason, answer.retryAfter], [503, 'unavailable', 30])
    isFull = false
    assert.deepEqual(await collector.receive(requestOf(beacon)), { accepted: true })
    await collector.flush()
    assert.equal(inserted.length, 1)
  })

  test('what waits for a slow disk is bounded, and taken again when the disk has caught up', async () => {
    const reached = Promise.withResolvers<void>()
    const synced = Promise.withResolvers<void>()
    const collector = await opened({
      async createFile(path) {
        const file = await open(path, 'wx')
        return {
          write: file.write.bind(file),
          async datasync() {
            reached.resolve()
            await synced.promise
            await file.datasync()
          },
          truncate: (length) => file.truncate(length),
          close: () => file.close(),
        }
      },
    })
    const largest = (view: number) =>
      requestOf(beaconOf(view), { body: Buffer.from(encodeBeacon(beaconOf(view)).padEnd(maxBeaconLength)) })
    const waiting = Array.from({ length: 512 }, (_, view) => collector.receive(largest(view)))
    await reached.promise
    const answer = await collector.receive(requestOf(beaconOf(512)))
    assert.ok(!answer.accepted)
    assert.deepEqual([answer.status, answer.reason, answer.retryAfter], [503, 'unavailable', 30])
    synced.resolve()
    await Promise.all(waiting)
    assert.deepEqual(await collector.receive(requestOf(beaconOf(512))), { accepted: true })
    assert.deepEqual([collector.counts().accepted, collector.counts().unavailable], [513, 1])
    await collector.flush()
    assert.equal(inserted.length, 513)
  })

  test('20,000 at once are all taken and all arrive, once each', async () => {
    const collector = await opened({ maxSegmentBytes: 1024 * 1024 })
    const answers = await Promise.all(
      Array.from({ length: 20_000 }, (_, view) => collector.receive(requestOf(beaconOf(view)))),
    )
    assert.ok(answers.every(({ accepted }) => accepted))
    assert.equal(collector.counts().accepted, 20_000)
    await collector.flush()
    assert.equal(inserted.length, 20_000)
    assert.equal(new Set(inserted.map(({ view }) => view)).size, 20_000)
    assert.equal(
      (await readdir(directory)).some((name) => name.includes('.log')),
      false,
    )
  })

  test('a store that is down keeps nobody from being taken; the segments wait for it and are counted', async () => {
    let isDown = true
    const told: unknown[] = []
    const failed = Promise.withResolvers<void>()
    const down = new StoreError('unavailable', 'down')
    const collector = await opened({
      maxPause: 1,
      store: {
        async insertViews(rows) {
          if (isDown) throw down
          inserted.push(JSON.parse(rows.toString()))
        },
      },
      onStoreFailure(error) {
        told.push(error)
        failed.resolve()
      },
    })
    assert.deepEqual(await collector.receive(requestOf(beacon)), { accepted: true })
    const flushed = collector.flush()
    await failed.promise
    assert.equal(collector.backlog(), 1)
    isDown = false
    await flushed
    assert.equal(collector.backlog(), 0)
    assert.equal(inserted.length, 1)
    assert.equal(collector.counts()['store-failure'], told.length)
    assert.equal(told[0], down)
  })

  test('rows that the store will never take are set aside and counted', async () => {
    const collector = await opened({
      store: { insertViews: () => Promise.reject(new StoreError('bad-rows', 'no')) },
    })
    await collector.receive(requestOf(beacon))
    await collector.flush()
    assert.equal(collector.counts()['segment-refused'], 1)
    assert.equal((await readdir(directory)).filter((name) => name.endsWith('.log.refused')).length, 1)
  })

  test('closed, it refuses for a while; closing twice is closing once', async () => {
    const collector = await opened()
    await Promise.all([collector.close(), collector.close()])
    const answer = await collector.receive(requestOf(beacon))
    assert.ok(!answer.accepted)
    assert.equal(answer.status, 503)
  })
})
