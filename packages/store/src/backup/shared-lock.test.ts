import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SharedLock } from './shared-lock.ts'

test('an exclusive holder waits for shared holders, and later holders wait for it', async () => {
  const lock = new SharedLock()
  const order: string[] = []
  const first = Promise.withResolvers<void>()
  const alone = Promise.withResolvers<void>()
  const hold = (name: string, until: Promise<void> = Promise.resolve()) => {
    return async () => {
      order.push(`${name} begins`)
      await until
      order.push(`${name} ends`)
    }
  }
  const all = [
    lock.shared(hold('first', first.promise)),
    lock.shared(hold('second')),
    lock.exclusive(hold('alone', alone.promise)),
    lock.shared(hold('later')),
  ]
  await all[1]
  assert.ok(!order.includes('alone begins'))
  first.resolve()
  await all[0]
  alone.resolve()
  await Promise.all(all)
  assert.deepEqual(order.slice(-4), ['alone begins', 'alone ends', 'later begins', 'later ends'])
})

test('the next holder starts when one fails', async () => {
  const lock = new SharedLock()
  const fail = () => Promise.reject(new Error('failed'))
  await assert.rejects(lock.shared(fail), /failed/)
  await assert.rejects(lock.exclusive(fail), /failed/)
  assert.equal(await lock.exclusive(async () => 1), 1)
  assert.equal(await lock.shared(async () => 2), 2)
})
