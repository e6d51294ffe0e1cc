import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { maxBreakdownRows, openStore, StoreError } from '@peerpress/store'
import { beaconOf, requestOf, rowsIn, siteId, siteOrigin, storeWith, limits } from './beacon.testing.ts'
import { type Collector, openCollector } from './collector.ts'

const day = 86_400_000
const site = async () => ({ origins: [siteOrigin] })
const everything = () => ({
  site: siteId,
  from: new Date(Date.now() - day),
  to: new Date(Date.now() + day),
  filter: {},
})

describe('collector and store', { timeout: 120_000 }, () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'collector-store-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('a store that was unavailable gets all rows in few statements, the oldest first', async () => {
    const store = await openStore({ directory: join(directory, 'store') })
    let isDown = true
    const failed = Promise.withResolvers<void>()
    const received: number[] = []
    const collector = await openCollector({
      ...limits,
      directory: join(directory, 'beacons'),
      site,
      // A segment for every few beacons, as after an hour of little traffic.
      maxSegmentBytes: 2000,
      maxPerNetwork: Infinity,
      maxPause: 1,
      onStoreFailure: () => failed.resolve(),
      store: {
        ...store,
        async insertViews(rows, token) {
          if (isDown) throw new StoreError('unavailable', 'down')
          await store.insertViews(rows, token)
          received.push(...rowsIn(rows).map(({ post }) => Number(post)))
        },
      },
    })
    try {
      for (let view = 0; view < 2000; view += 4) {
        const some = [view, view + 1, view + 2, view + 3]
        const outcomes = await Promise.all(
          some.map((each) => collector.receive(requestOf(beaconOf(each, { post: String(each) })))),
        )
        assert.ok(outcomes.every(({ accepted }) => accepted))
      }
      await failed.promise
      assert.ok(collector.backlog() >= 400, `${collector.backlog()} segments`)
      isDown = false
      await collector.flush()
      assert.deepEqual(
        received,
        Array.from({ length: 2000 }, (_, view) => view),
      )
      assert.equal((await store.totals(everything())).views, 2000)
      assert.deepEqual([collector.backlog(), collector.logBytes()], [0, 0])
    } finally {
      await collector.close()
      await store.close()
    }
  })

  test('a view stays in the hour of its first snapshot after its device slept, also in rollups', async () => {
    const hour = 3_600_000
    const start = Date.UTC(2026, 2, 8, 12)
    let now = start
    // Without `exactViews` rollups answer as soon as they can.
    const store = await openStore({
      directory: join(directory, 'store'),
      exactViews: 0,
      rollPause: { hour: 0, day: 0 },
    })
    const collector = await openCollector({
      ...limits,
      directory: join(directory, 'beacons'),
      store,
      site,
      now: () => now,
    })
    const viewsFrom = async (from: number) =>
      (await store.totals({ ...everything(), from: new Date(from), to: new Date(from + hour) })).views
    const view = `${start
      .toString(16)
      .padStart(12, '0')
      .replace(/(.{8})/, '$1-')}-7000-8000-000000000001`
    try {
      for (const [sequence, age] of [
        [1, 2000],
        [2, 3000],
      ] as const) {
        const { accepted } = await collector.receive(requestOf(beaconOf(1, { view, sequence, age })))
        assert.ok(accepted)
        await collector.flush()
        for (const isRolled of [false, true]) {
          if (isRolled) await store.roll()
          assert.equal(await viewsFrom(start - hour), 1)
          assert.equal(await viewsFrom(start + 4 * hour), 0)
        }
        now += 5 * hour
      }
    } finally {
      await collector.close()
      await store.close()
    }
  })

  test('repeated bodies and repeated segments change no figure', async () => {
    const beacons = join(directory, 'beacons')
    const store = await openStore({ directory: join(directory, 'store') })
    let collector: Collector | undefined
    try {
      // Copies of a run's segments that never reached the store, to be inserted twice.
      collector = await openCollector({
        ...limits,
        directory: beacons,
        store: storeWith(() => Promise.reject(new StoreError('unavailable', 'down'))),
        site,
        maxSegmentBytes: 20_000,
      })
      const snapshots = Array.from({ length: 100 }, (_, view) => [
        requestOf(beaconOf(view)),
        requestOf(
          beaconOf(view, { sequence: 2, age: 9000, engagement: { engagedMs: view, scrollDepth: 1 } }),
        ),
      ]).flat()
      for (const request of snapshots) assert.ok((await collector.receive(request)).accepted)
      await collector.close()
      const names = (await readdir(beacons)).filter((name) => name.endsWith('.log'))
      assert.ok(names.length > 5)
      for (const name of names) await copyFile(join(beacons, name), join(directory, name))

      collector = await openCollector({ ...limits, directory: beacons, store, site })
      await collector.flush()
      const first = await store.totals(everything())
      assert.equal(first.views, 100)
      assert.equal(first.delivery.bytes.peer, 300_000)

      for (const request of snapshots.toReversed()) assert.ok((await collector.receive(request)).accepted)
      await collector.flush()
      assert.deepEqual(await store.totals(everything()), first)

      await collector.close()
      for (const name of names) await copyFile(join(directory, name), join(beacons, name))
      collector = await openCollector({ ...limits, directory: beacons, store, site })
      await collector.flush()
      assert.equal(collector.counts()['store-failure'], 0)
      assert.deepEqual(await store.totals(everything()), first)
    } finally {
      await collector?.close()
      await store.close()
    }
  })

  test('after a kill, the next start inserts each accepted beacon once', async () => {
    const accepted: number[] = []
    for (const [first, enough] of [
      [0, 150],
      [10_000, 400],
    ] as const) {
      const owner = fork(new URL('collector-owner.testing.ts', import.meta.url), [directory, String(first)])
      const exited = once(owner, 'exit')
      owner.on('message', (view: number) => {
        accepted.push(view)
        // Messages that arrive until the process ends count too.
        if (accepted.length >= enough) owner.kill('SIGKILL')
      })
      assert.deepEqual(await exited, [null, 'SIGKILL'])
    }
    const store = await openStore({ directory: join(directory, 'store') })
    const collector = await openCollector({ ...limits, directory: join(directory, 'beacons'), store, site })
    try {
      await collector.flush()
      assert.equal(collector.counts()['segment-damaged'], 0)
      const posts = await store.breakdown(everything(), 'post', maxBreakdownRows)
      const viewsOf = new Map(posts.map(({ key, metrics }) => [key, metrics.views]))
      assert.deepEqual(
        accepted.filter((view) => viewsOf.get(String(view)) !== 1),
        [],
      )
      const { views, delivery } = await store.totals(everything())
      assert.equal(delivery.bytes.peer, views * 3000)
    } finally {
      await collector.close()
      await store.close()
    }
  })
})
