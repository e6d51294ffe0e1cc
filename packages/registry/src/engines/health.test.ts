import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Database } from './database.ts'
import { watchHealth } from './health.ts'

/** A database of which a test decides when it answers. */
function heldDatabase() {
  const asked: PromiseWithResolvers<never[]>[] = []
  const query = () => {
    const answer = Promise.withResolvers<never[]>()
    asked.push(answer)
    return answer.promise
  }
  return { asked, database: { query } as unknown as Database }
}

test('health answers at once with the last check while the next one waits', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { asked, database } = heldDatabase()
  const watch = watchHealth(database, { now: () => 1_700_000_000_000, interval: 5000, maxWait: 3_600_000 })
  assert.deepEqual(watch.health(), { ok: true, detail: null, checkedAt: null })
  asked[0]?.resolve([])
  await new Promise(setImmediate)
  const checkedAt = new Date(1_700_000_000_000)
  assert.deepEqual(watch.health(), { ok: true, detail: null, checkedAt })
  t.mock.timers.tick(5000)
  // The database is busy: no further look queues up behind this one.
  t.mock.timers.tick(50_000)
  assert.equal(asked.length, 2)
  assert.deepEqual(watch.health(), { ok: true, detail: null, checkedAt })
  asked[1]?.reject(new Error('connection lost'))
  await new Promise(setImmediate)
  assert.deepEqual(watch.health(), { ok: false, detail: 'connection lost', checkedAt })
  t.mock.timers.tick(5000)
  asked[2]?.resolve([])
  await new Promise(setImmediate)
  assert.equal(watch.health().ok, true)
  watch.stop()
  t.mock.timers.tick(50_000)
  assert.equal(asked.length, 3)
})

test('a check that waits too long counts as a problem', () => {
  const { database } = heldDatabase()
  const watch = watchHealth(database, { now: Date.now, maxWait: -1 })
  assert.deepEqual(watch.health(), { ok: false, detail: 'no answer for 0 s', checkedAt: null })
  watch.stop()
})
