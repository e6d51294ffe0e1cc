import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../../store-error.ts'
import { FairQueue } from './fair-queue.ts'

/** A queue with one place, and calls that record their start and end. */
function opened(waiting = 100) {
  const queue = new FairQueue({ running: 1, waiting })
  const started: string[] = []
  const ends = new Map<string, () => void>()
  const run = (name: string, caller: string, signal?: AbortSignal) =>
    queue.run(
      () => {
        started.push(name)
        const { promise, resolve } = Promise.withResolvers<void>()
        ends.set(name, resolve)
        return promise
      },
      { caller, signal },
    )
  /** Ends the running call, and waits until the next one has started. */
  const endRunning = async () => {
    await new Promise(setImmediate)
    ends.get(started.at(-1) ?? '')?.()
    await new Promise(setImmediate)
  }
  return { queue, started, run, endRunning }
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}

test('callers take turns, however many calls each has', async () => {
  const { started, run, endRunning } = opened()
  const calls = ['a1', 'a2', 'a3', 'a4'].map((name) => run(name, 'a'))
  calls.push(run('b1', 'b'), run('b2', 'b'), run('c1', 'c'))
  for (let i = 0; i < 7; i++) await endRunning()
  await Promise.all(calls)
  assert.deepEqual(started, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
})

test('a call that is aborted while it waits leaves the queue at once and never starts', async () => {
  const { queue, started, run, endRunning } = opened()
  const first = run('a1', 'a')
  const leaving = new AbortController()
  const left = [run('a2', 'a', leaving.signal), run('a3', 'a', leaving.signal)]
  const last = run('b1', 'b')
  leaving.abort()
  for (const call of left) await assert.rejects(call, hasCode('aborted'))
  assert.equal(queue.waiting, 1)
  await assert.rejects(run('a4', 'a', leaving.signal), hasCode('aborted'))
  await endRunning()
  await endRunning()
  await Promise.all([first, last])
  assert.deepEqual(started, ['a1', 'b1'])
})

test('a call that fails makes room for the next', async () => {
  const { queue, run, started, endRunning } = opened()
  const failing = queue.run(() => Promise.reject(new Error('no')), { caller: 'a' })
  const next = run('b1', 'b')
  await assert.rejects(failing, /no/)
  await endRunning()
  await next
  assert.deepEqual(started, ['b1'])
})

test('a full queue refuses the newest call of the caller with most calls, or else the new call', async () => {
  const { queue, started, run, endRunning } = opened(3)
  const calls = [run('a0', 'a'), run('a1', 'a'), run('a2', 'a')]
  const refused = assert.rejects(run('a3', 'a'), hasCode('busy'))
  await assert.rejects(run('a4', 'a'), hasCode('busy'))
  calls.push(run('b1', 'b'))
  await refused
  // a has two waiting calls and b one: c gets the place of a2.
  const alsoRefused = assert.rejects(calls[2] ?? Promise.resolve(), hasCode('busy'))
  calls.push(run('c1', 'c'))
  await alsoRefused
  await assert.rejects(run('d1', 'd'), hasCode('busy'))
  assert.equal(queue.waiting, 3)
  for (let i = 0; i < 4; i++) await endRunning()
  await Promise.all(calls.toSpliced(2, 1))
  assert.deepEqual(started, ['a0', 'a1', 'b1', 'c1'])
})
