import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Guard } from './guard.ts'

test('what a callback or a promise throws is reported and put right, and ends nothing', async () => {
  const problems: string[] = []
  const done: string[] = []
  const guard = new Guard(({ message }) => problems.push(message))
  const fail = (what: string) => {
    throw new Error(what)
  }
  guard.callback(fail, () => done.push('callback'))('callback')
  guard.run(
    () => fail('run'),
    () => fail('its mending'),
  )
  const ended = new Promise<void>((resolve) => {
    guard.settle(Promise.reject(new Error('promise')), resolve)
  })
  await ended
  assert.deepEqual(problems, ['callback', 'run', 'its mending', 'promise'])
  assert.deepEqual(done, ['callback'])
})

test('a report that throws itself ends nothing either', () => {
  const guard = new Guard(() => {
    throw new Error('no report')
  })
  guard.run(() => {
    throw new Error('failed')
  })
})
