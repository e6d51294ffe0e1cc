import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

/** Four chunks of 64 KiB. A player needs one per second. */
const content = makeContent({ size: 4 * 2 ** 16, chunkSize: 2 ** 16 })
const asset = content.asset.id
const pace = 1000
const fetch = (index: number) => ({ type: 'fetch', asset, first: index, last: index })
const cancelFetch = (index: number) => ({ type: 'cancel-fetch', asset, index })

/** Returns a shell whose peer `a` sends 16 KiB of chunk 0 every `ms`, three times. */
function receiving(ms: number, timeout: number): Shell {
  const shell = new Shell([content])
  shell.meet('a', [0, 1, 2, 3])
  const deadline = shell.now + timeout
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 0, deadline, pace })
  shell.take()
  for (let part = 0; part < 3; part++) {
    shell.wait(part === 0 ? 10 : ms)
    shell.frame('a', 0, { start: part * 2 ** 14, end: (part + 1) * 2 ** 14 })
  }
  return shell
}

test('also fetches a chunk from the origin if its peer is too slow, and cancels the peer if the origin is first', () => {
  const shell = receiving(600, 1500)
  assert.deepEqual(shell.take(), [fetch(0)])
  shell.fetched(0)
  const outputs = shell.take()
  assert.ok(outputs.some((output) => output.type === 'send' && output.message.type === 'cancel'))
  const [delivered] = outputs.filter(({ type }) => type === 'deliver')
  assert.deepEqual(delivered, { type: 'deliver', demand: 1, asset, index: 0, source: { kind: 'origin' } })
  assert.deepEqual(
    outputs.flatMap((output) =>
      output.type === 'report' && output.event.kind === 'wasted' ? [output.event] : [],
    ),
    [{ kind: 'wasted', source: { kind: 'peer', peer: 'a' }, bytes: 3 * 2 ** 14 }],
  )
  shell.frame('a', 0, { start: 3 * 2 ** 14 })
  assert.deepEqual(shell.takeReports('wasted'), [
    { kind: 'wasted', source: { kind: 'peer', peer: 'a' }, bytes: 2 ** 14 },
  ])
})

test('aborts the fetch if the peer is first after all, but only once its copy is verified', () => {
  const shell = receiving(600, 1500)
  assert.deepEqual(shell.take(), [fetch(0)])
  shell.frame('a', 0, { start: 3 * 2 ** 14 })
  assert.deepEqual(
    shell.take().map(({ type }) => type),
    ['verify'],
  )
  shell.handle({ type: 'verified', verification: 1, valid: true })
  assert.deepEqual(shell.takeAll('cancel-fetch'), [cancelFetch(0)])
  // A copy that was already in flight is discarded and counted.
  shell.fetched(0)
  assert.deepEqual(shell.takeReports('wasted'), [
    { kind: 'wasted', source: { kind: 'origin' }, bytes: 2 ** 16 },
  ])
})

test('uses no other source while the peer is on time or no deadline is near', () => {
  for (const [ms, timeout] of [
    [100, 1500],
    [600, 60_000],
    [600, Infinity],
  ] as const)
    assert.deepEqual(receiving(ms, timeout).take(), [], `${ms} ms, ${timeout} ms`)
})

test('uses no other source for a chunk that is almost complete', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 0, deadline: shell.now + 400, pace })
  shell.frame('a', 0, { end: 2 ** 14 })
  shell.take()
  for (let part = 1; part < 4; part++) {
    shell.wait(140)
    if (part < 3) shell.frame('a', 0, { start: part * 2 ** 14, end: (part + 1) * 2 ** 14 })
  }
  assert.deepEqual(shell.take(), [])
})

test('cancels in time what a slow peer has not begun to send', () => {
  const shell = new Shell([content])
  shell.meet('a', [0, 1])
  const deadline = shell.now + 1500
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 1, deadline, pace: 0 })
  shell.frame('a', 0, { end: 2 ** 14 })
  shell.take()
  shell.wait(1100)
  const outputs = shell.take()
  assert.deepEqual(
    outputs.filter((output) => output.type === 'fetch'),
    [fetch(0), fetch(1)],
  )
  assert.ok(
    outputs.some(({ type }) => type === 'send'),
    'chunk 1 was cancelled',
  )
  assert.ok(!outputs.some((output) => output.type === 'report' && output.event.kind === 'wasted'))
})

test('relies on the origin if the slow peer leaves, and on the peer if the origin fails', () => {
  const left = receiving(600, 1500)
  left.take()
  left.meet('b', [0])
  left.handle({ type: 'peer-left', peer: 'a' })
  left.wait(100)
  assert.deepEqual(left.takeSent('request'), [])
  left.fetched(0)
  assert.equal(left.takeAll('deliver').length, 1)

  const failed = receiving(600, 1500)
  failed.take()
  failed.handle({ type: 'fetch-failed', asset, first: 0, last: 0 })
  failed.wait(1000)
  assert.deepEqual(failed.take(), [])
  failed.frame('a', 0, { start: 3 * 2 ** 14 })
  failed.verify()
  assert.equal(failed.takeAll('deliver').length, 1)
})

test("waits for the origin if the peer's copy is wrong", () => {
  const shell = receiving(600, 1500)
  shell.take()
  shell.frame('a', 0, { start: 3 * 2 ** 14 })
  shell.verify(false)
  assert.deepEqual(
    shell.takeAll('drop').map(({ peer, reason }) => `${peer} ${reason}`),
    ['a bad-chunk'],
  )
  shell.wait(100)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.fetched(0)
  assert.equal(shell.takeAll('deliver').length, 1)
})
