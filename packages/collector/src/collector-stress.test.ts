import assert from 'node:assert/strict'
import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { StoreError } from '@peerpress/store'
import { encodeBeacon, maxBeaconLength } from '@peerpress/wire'
import { beaconOf, requestOf, rowsIn, siteOrigin, storeWith } from './beacon.testing.ts'
import { type Collector } from './collector.ts'
import { OpenedCollector } from './opened-collector.testing.ts'

const beacon = beaconOf(1)

describe('a collector without resources', { timeout: 60_000 }, () => {
  const opened = new OpenedCollector()

  test('beacons are refused temporarily while sites cannot be looked up', async () => {
    let isDown = true
    const collector = await opened.open({
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

  test('beacons are refused temporarily while the disk cannot be written', async () => {
    let isFull = true
    const collector = await opened.open({
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
    assert.equal(opened.inserted.length, 1)
  })

  test('the beacons that wait for a slow disk are bounded, and further ones are accepted when the disk has caught up', async () => {
    const reached = Promise.withResolvers<void>()
    const synced = Promise.withResolvers<void>()
    const collector = await opened.open({
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
    assert.equal(opened.inserted.length, 513)
  })

  test('20,000 concurrent beacons are all accepted and inserted once', async () => {
    const collector = await opened.open({
      maxSegmentBytes: 1024 * 1024,
      maxPerNetwork: Infinity,
      maxPerSite: Infinity,
    })
    const answers = await Promise.all(
      Array.from({ length: 20_000 }, (_, view) => collector.receive(requestOf(beaconOf(view)))),
    )
    assert.ok(answers.every(({ accepted }) => accepted))
    assert.equal(collector.counts().accepted, 20_000)
    await collector.flush()
    assert.equal(opened.inserted.length, 20_000)
    assert.equal(new Set(opened.inserted.map(({ view }) => view)).size, 20_000)
    assert.equal(
      (await readdir(opened.directory)).some((name) => name.includes('.log')),
      false,
    )
  })

  test('beacons are accepted while the store is unavailable; the waiting segments are counted', async () => {
    let isDown = true
    const failures: unknown[] = []
    const failed = Promise.withResolvers<void>()
    const down = new StoreError('unavailable', 'down')
    const collector = await opened.open({
      maxPause: 1,
      store: storeWith(async (rows) => {
        if (isDown) throw down
        opened.inserted.push(...rowsIn<(typeof opened.inserted)[number]>(rows))
      }),
      onStoreFailure(error) {
        failures.push(error)
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
    assert.equal(opened.inserted.length, 1)
    assert.equal(collector.counts()['store-failure'], failures.length)
    assert.equal(failures[0], down)
  })

  test('a full log refuses beacons temporarily and loses none; it accepts them again when the store is available', async () => {
    let isDown = true
    const collector = await opened.open({
      maxPause: 1,
      maxLogBytes: 20_000,
      maxSegmentBytes: 4000,
      store: storeWith(async (rows, table) => {
        if (isDown) throw new StoreError('unavailable', 'down')
        if (table !== 'views') return
        opened.inserted.push(...rowsIn<(typeof opened.inserted)[number]>(rows))
      }),
    })
    const accepted: string[] = []
    let refusal: Awaited<ReturnType<Collector['receive']>> | undefined
    for (let view = 0; view < 60; view++) {
      const outcome = await collector.receive(requestOf(beaconOf(view)))
      if (outcome.accepted) accepted.push(beaconOf(view).view)
      else refusal = outcome
    }
    assert.ok(refusal?.accepted === false)
    assert.deepEqual([refusal.status, refusal.reason, refusal.retryAfter], [503, 'log-full', 30])
    assert.ok(accepted.length > 15 && accepted.length < 60, `${accepted.length} accepted`)
    assert.ok(collector.logBytes() <= 20_000)
    const segments = (await readdir(opened.directory)).filter((name) => name.endsWith('.log'))
    const sizes = await Promise.all(
      segments.map(async (name) => (await stat(join(opened.directory, name))).size),
    )
    assert.equal(
      sizes.reduce((sum, size) => sum + size),
      collector.logBytes(),
    )
    // A restart counts the existing segments.
    await collector.close()
    isDown = false
    const reopened = await opened.open({ maxLogBytes: 20_000 })
    await reopened.flush()
    assert.deepEqual(
      opened.inserted.map(({ view }) => view),
      accepted,
    )
    assert.equal(reopened.logBytes(), 0)
    assert.deepEqual(await reopened.receive(requestOf(beaconOf(99))), { accepted: true })
  })

  test('rows that the store will never accept are set aside and counted', async () => {
    const collector = await opened.open({
      store: storeWith(() => Promise.reject(new StoreError('bad-rows', 'no'))),
    })
    await collector.receive(requestOf(beacon))
    await collector.flush()
    assert.equal(collector.counts()['segment-refused'], 1)
    assert.equal((await readdir(opened.directory)).filter((name) => name.endsWith('.log.refused')).length, 1)
  })

  test('a closed collector refuses beacons temporarily, and can be closed twice', async () => {
    const collector = await opened.open()
    await Promise.all([collector.close(), collector.close()])
    const answer = await collector.receive(requestOf(beacon))
    assert.ok(!answer.accepted)
    assert.equal(answer.status, 503)
  })
})
