import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })
const asset = content.asset.id
const all = Array.from({ length: 40 }, (_, index) => index)

test('requests four chunks in order from a peer, and the next after one is verified', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 39)
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1', 'a 2', 'a 3'])
  shell.frame('a', 0)
  assert.deepEqual(shell.takeSent('request'), [])
  shell.frame('a', 1)
  shell.verify()
  assert.deepEqual(shell.takeSent('request'), ['a 4'])
})

test('requests no further ahead than the window, even if peers could take more', () => {
  const shell = new Shell([content], { window: 6 })
  for (const peer of ['a', 'b', 'c']) shell.meet(peer, all)
  shell.demand(1, 0, 39)
  assert.equal(shell.takeSent('request').length, 6)
})

test('distributes requests over the least loaded peers and draws among equals', () => {
  const shell = new Shell([content])
  const peers = ['a', 'b', 'c', 'd']
  for (const peer of peers) shell.meet(peer, all)
  shell.demand(1, 0, 39)
  const asked = shell.takeSent('request').map((request) => request.charAt(0))
  for (const peer of peers) assert.equal(asked.filter((one) => one === peer).length, 4)
  assert.notDeepEqual(asked, [...peers, ...peers, ...peers, ...peers])
})

test('uses a limited number of sources at a time', () => {
  const shell = new Shell([content], { maxSources: 2 })
  for (const peer of ['a', 'b', 'c']) shell.meet(peer, all)
  shell.demand(1, 0, 39)
  assert.equal(new Set(shell.takeSent('request').map((request) => request.charAt(0))).size, 2)
})

test('delivers in order, regardless of the order of arrival', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 2)
  shell.give('a', 2, 0)
  assert.deepEqual(
    shell.takeAll('deliver').map(({ index }) => index),
    [0],
  )
  shell.give('a', 1)
  assert.deepEqual(
    shell.takeAll('deliver'),
    [1, 2].map((index) => ({
      type: 'deliver',
      demand: 1,
      asset,
      index,
      source: { kind: 'peer', peer: 'a' },
    })),
  )
})

test('two demands for one chunk cause one request and are both served', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 1)
  shell.demand(2, 1, 2)
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1', 'a 2'])
  shell.give('a', 1)
  assert.deepEqual(
    shell.takeAll('deliver').map(({ demand, index }) => [demand, index]),
    [[2, 1]],
  )
})

test('delivers a present chunk at once, with its source', () => {
  const shell = new Shell([content])
  shell.own(5)
  shell.demand(1, 5, 5)
  assert.deepEqual(shell.take(), [{ type: 'deliver', demand: 1, asset, index: 5, source: { kind: 'local' } }])
})

test('fetches the whole rest in one request if no peer has any of it', () => {
  const shell = new Shell([content], { window: 4 })
  shell.demand(1, 3, 39)
  assert.deepEqual(shell.take(), [{ type: 'fetch', asset, first: 3, last: 39 }])
  shell.fetched(3, 4, 5)
  assert.deepEqual(shell.takeAll('fetch'), [])
})

test('fetches at most 8 MiB in one request, and continues in time', () => {
  const large = makeContent({ size: 40 * 2 ** 20, chunkSize: 2 ** 20 })
  const shell = new Shell([large], { window: 4 })
  shell.demand(1, 0, 39)
  assert.deepEqual(
    shell.takeAll('fetch').map(({ first, last }) => [first, last]),
    [[0, 7]],
  )
  shell.fetched(0, 1, 2, 3, 4)
  assert.deepEqual(
    shell.takeAll('fetch').map(({ first, last }) => [first, last]),
    [[8, 15]],
  )
})

test('fetches only chunks that no peer has, as runs, at most four runs at a time', () => {
  const shell = new Shell([content])
  shell.meet('a', [2, 5, 7, 9, 11, 13])
  shell.demand(1, 0, 14)
  assert.deepEqual(
    shell.takeAll('fetch').map(({ first, last }) => [first, last]),
    [
      [0, 1],
      [3, 4],
      [6, 6],
      [8, 8],
    ],
  )
  shell.fetched(0, 1)
  assert.deepEqual(
    shell.takeAll('fetch').map(({ first, last }) => [first, last]),
    [[10, 10]],
  )
})

test('past the deadline, fetches from the origin all chunks that no peer has begun to send', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 39, 1500)
  shell.take()
  shell.wait(1499)
  assert.deepEqual(shell.take(), [])
  shell.wait(1)
  assert.deepEqual(shell.take(), [
    { type: 'send', peer: 'a', message: { type: 'cancel', asset, index: 0 } },
    { type: 'send', peer: 'a', message: { type: 'cancel', asset, index: 1 } },
    { type: 'send', peer: 'a', message: { type: 'cancel', asset, index: 2 } },
    { type: 'send', peer: 'a', message: { type: 'cancel', asset, index: 3 } },
    { type: 'report', event: { kind: 'fallback', demand: 1 } },
    { type: 'fetch', asset, first: 0, last: 39 },
  ])
})

test('past the deadline, leaves a begun chunk to its peer for at most the stall time', () => {
  const large = makeContent({ size: 2 ** 18, chunkSize: 2 ** 18 })
  const shell = new Shell([large])
  shell.meet('a', [0])
  shell.demand(1, 0, 0, 500)
  shell.take()
  for (let start = 0; start < 5; start++) {
    shell.frame('a', 0, { start: start * 2 ** 14, end: (start + 1) * 2 ** 14 })
    shell.wait(start < 4 ? 500 : 499)
  }
  assert.deepEqual(shell.take().map(short), ['fetch'], 'the origin is used as well, once')
  shell.wait(1)
  assert.deepEqual(shell.take().map(short), ['report', 'cancel a 0'])
})

test('treats a peer that sends a trickle as silent', () => {
  const large = makeContent({ size: 2 ** 18, chunkSize: 2 ** 18 })
  const shell = new Shell([large])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  for (let start = 0; start < 4; start++) {
    shell.frame('a', 0, { start: start * 1000, end: (start + 1) * 1000 })
    assert.deepEqual(shell.takeAll('fetch'), [])
    shell.wait(500)
  }
  assert.equal(shell.takeAll('fetch').length, 1)
})

test('a demand that is already late goes to the origin only, which is not a fallback', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.take()
  shell.demand(1, 0, 39, 0)
  assert.deepEqual(shell.take(), [{ type: 'fetch', asset, first: 0, last: 39 }])
})

test('reports a fallback once', () => {
  const shell = new Shell([content])
  shell.meet('a', [0, 2, 4])
  shell.demand(1, 0, 6)
  shell.fetched(1, 3)
  assert.deepEqual(shell.takeReports('fallback'), [{ kind: 'fallback', demand: 1 }])
})

test('a peer that is silent for two seconds loses its requests; the second time it is dropped', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 1)
  shell.meet('b', all)
  shell.frame('a', 0, { end: 100 })
  shell.take()
  shell.wait(2000)
  assert.deepEqual(shell.take().map(short), [
    'report',
    'cancel a 0',
    'cancel a 1',
    'request b 0',
    'request b 1',
  ])
  shell.give('b', 0, 1)
  shell.demand(2, 2, 10)
  assert.equal(
    shell.takeSent('request').filter((request) => request.startsWith('a')).length,
    1,
    'on probation',
  )
  shell.wait(2000)
  assert.ok(
    shell
      .take()
      .some((output) => output.type === 'drop' && output.peer === 'a' && output.reason === 'stalled'),
  )
})

test('frames of a cancelled chunk are ignored until it is complete, then the peer can be asked again', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.handle({ type: 'demand-ended', demand: 1 })
  assert.deepEqual(shell.takeSent('cancel'), ['a 0'])
  assert.equal(shell.engine.canServe(asset, 0, 0), false)
  shell.frame('a', 0, { end: 100 })
  shell.receive('a', { type: 'have', asset, index: 0 })
  assert.equal(shell.engine.canServe(asset, 0, 0), false)
  shell.frame('a', 0, { start: 100 })
  assert.deepEqual(shell.take().map(short), ['report', 'report'], 'both parts are wasted')
  assert.equal(shell.engine.canServe(asset, 0, 0), true)
})

test('a cancelled chunk is not requested from the same peer before it responded, even if it claims to have it', () => {
  for (const [reason, canServe] of [
    ['busy', true],
    ['missing', false],
  ] as const) {
    const shell = new Shell([content])
    shell.meet('a', [0])
    shell.demand(1, 0, 0)
    shell.handle({ type: 'demand-ended', demand: 1 })
    shell.receive('a', { type: 'bitfield', asset, chunks: 40, bits: new Uint8Array([0x80, 0, 0, 0, 0]) })
    assert.equal(shell.engine.canServe(asset, 0, 0), false)
    shell.receive('a', { type: 'reject', asset, index: 0, reason })
    assert.equal(shell.engine.canServe(asset, 0, 0), canServe)
  }
})

test('a peer that owes sixteen responses gets no more requests', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  for (let id = 0; id < 4; id++) {
    shell.demand(id, id * 4, id * 4 + 3)
    assert.equal(shell.takeSent('request').length, 4)
    shell.handle({ type: 'demand-ended', demand: id })
  }
  shell.take()
  shell.demand(9, 20, 23)
  assert.deepEqual(shell.take(), [{ type: 'fetch', asset, first: 20, last: 23 }])
})

test('the end of a demand cancels only requests that have not begun and that no other demand needs', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 3)
  shell.demand(2, 1, 1)
  shell.frame('a', 0, { end: 100 })
  shell.take()
  shell.handle({ type: 'demand-ended', demand: 1 })
  assert.deepEqual(shell.takeSent('cancel'), ['a 2', 'a 3'])
})

test('a busy peer gets no request for a while, then is asked again', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.take()
  shell.receive('a', { type: 'reject', asset, index: 0, reason: 'busy' })
  assert.deepEqual(shell.take(), [])
  shell.wait(500)
  assert.deepEqual(shell.takeSent('request'), ['a 0'])
})

test('does not wait for a peer that is busy three times in a row', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  for (const pause of [500, 1000, 0]) {
    shell.take()
    shell.receive('a', { type: 'reject', asset, index: 0, reason: 'busy' })
    shell.wait(pause)
  }
  assert.deepEqual(shell.takeAll('fetch'), [{ type: 'fetch', asset, first: 0, last: 0 }])
})

test('a peer that rejects several requests at once was busy once', () => {
  const shell = new Shell([content])
  shell.meet('a', [0, 1, 2, 3])
  shell.demand(1, 0, 3)
  for (const index of [0, 1, 2, 3]) shell.receive('a', { type: 'reject', asset, index, reason: 'busy' })
  shell.take()
  shell.wait(499)
  assert.deepEqual(shell.take(), [])
  shell.wait(1)
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1', 'a 2', 'a 3'])
})

test('does not request again a chunk that a peer turned out not to have', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.take()
  shell.receive('a', { type: 'reject', asset, index: 0, reason: 'missing' })
  assert.deepEqual(
    shell.take().map(({ type }) => type),
    ['report', 'fetch'],
  )
})

test('fetches a chunk from the origin after four peers failed to send it', () => {
  const shell = new Shell([content])
  for (const peer of ['a', 'b', 'c', 'd', 'e']) shell.meet(peer, [0])
  shell.demand(1, 0, 0)
  for (let tries = 1; tries <= 4; tries++) {
    const [request = ''] = shell.takeSent('request')
    shell.handle({ type: 'peer-left', peer: request.charAt(0) })
  }
  assert.deepEqual(shell.takeAll('fetch'), [{ type: 'fetch', asset, first: 0, last: 0 }])
})

function short(output: ReturnType<Shell['take']>[number]): string {
  if (output.type !== 'send' || !('index' in output.message)) return output.type
  return `${output.message.type} ${output.peer} ${output.message.index}`
}
