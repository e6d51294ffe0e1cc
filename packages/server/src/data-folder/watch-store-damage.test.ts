import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { StoreDamage } from '@peerpress/store'
import { watchStoreDamage } from './watch-store-damage.ts'

const part = (name: string, rows: number | null): StoreDamage => ({
  path: `/data/store/detached/${name}`,
  problem: 'is a part',
  table: 'snapshots',
  rows,
  isFatal: false,
})

test('damaged parts are counted, and each is reported once, with its rows, folder and the way out', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const notices: string[] = []
  let damage: StoreDamage[] | Error = []
  const store = {
    damage: () => (damage instanceof Error ? Promise.reject(damage) : Promise.resolve(damage)),
  }
  const watch = await watchStoreDamage(store, (notice) => notices.push(notice))
  const minute = async () => {
    t.mock.timers.tick(60_000)
    await new Promise(setImmediate)
  }
  assert.deepEqual([watch.parts(), notices], [0, []])
  damage = [part('broken-1', 100), part('broken-2', 20)]
  await minute()
  await minute()
  assert.equal(watch.parts(), 2)
  assert.equal(notices.length, 1)
  assert.match(notices[0] ?? '', /leave out 120 rows in 2 parts \(\/data\/store\/detached\/broken-1, …\)/)
  assert.match(notices[0] ?? '', /\.\/peerpress restore, or move the folders out of "detached"/)
  damage = [...damage, part('broken-3', null)]
  await minute()
  assert.match(notices[1] ?? '', /an unknown number of rows in 1 part \(\/data\/store\/detached\/broken-3\)/)
  damage = new Error('gone')
  await minute()
  assert.match(notices[2] ?? '', /cannot be looked at: Error: gone/)
  damage = []
  await minute()
  assert.equal(watch.parts(), 0)
  await watch.stop()
  await minute()
  assert.equal(notices.length, 3)
})
