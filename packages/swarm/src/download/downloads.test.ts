import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chunkOf, makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 10 * 4096 })
const asset = content.asset.id

test('stores a chunk before delivering it, and does neither before it is verified', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.take()
  shell.frame('a', 0, { end: 1000 })
  shell.frame('a', 0, { start: 1000 })
  const [verify, ...rest] = shell.take()
  assert.deepEqual(verify, {
    type: 'verify',
    verification: 1,
    asset,
    index: 0,
    bytes: chunkOf(content, 0),
    claimed: { peer: 'a', signature: new Uint8Array() },
  })
  assert.deepEqual(rest, [])
  shell.handle({ type: 'verified', verification: 1, valid: true })
  assert.deepEqual(shell.take(), [
    { type: 'store', asset, index: 0, bytes: chunkOf(content, 0) },
    { type: 'report', event: { kind: 'received', source: { kind: 'peer', peer: 'a' }, bytes: 4096 } },
    { type: 'send', peer: 'a', message: { type: 'have', asset, index: 0 } },
    { type: 'deliver', demand: 1, asset, index: 0, source: { kind: 'peer', peer: 'a' } },
  ])
})

test('copies the bytes of a frame out of their buffer', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  const payload = chunkOf(content, 0)
  shell.receive('a', { type: 'frame', asset, index: 0, offset: 0, length: 4096, payload })
  payload.fill(0)
  assert.deepEqual(shell.takeAll('verify')[0]?.bytes, chunkOf(content, 0))
})

test('drops the author of a bad chunk at once and requests the chunk elsewhere', () => {
  const shell = new Shell([content])
  shell.meet('a', [0, 1])
  shell.demand(1, 0, 1)
  shell.meet('b', [0, 1])
  shell.frame('a', 0)
  shell.verify(false)
  assert.deepEqual(
    shell
      .take()
      .filter(({ type }) => type !== 'send')
      .map((output) => (output.type === 'report' ? output.event : output)),
    [
      { kind: 'rejected', source: { kind: 'peer', peer: 'a' }, bytes: 4096 },
      { type: 'drop', peer: 'a', reason: 'bad-chunk' },
      { kind: 'dropped', peer: 'a', reason: 'bad-chunk' },
    ],
  )
  shell.give('b', 0, 1)
  assert.deepEqual(
    shell.takeAll('deliver').map(({ index }) => index),
    [0, 1],
  )
})

test('discards a bad chunk of a peer that left like any other', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.frame('a', 0)
  shell.handle({ type: 'peer-left', peer: 'a' })
  shell.verify(false)
  assert.deepEqual(
    shell
      .take()
      .slice(-2)
      .map(({ type }) => type),
    ['report', 'fetch'],
  )
})

test('does not blame a peer that joins again for what it sent before', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.frame('a', 0)
  shell.handle({ type: 'peer-left', peer: 'a' })
  const [verify] = shell.takeAll('verify')
  shell.meet('a')
  shell.handle({ type: 'verified', verification: verify?.verification ?? 0, valid: false })
  assert.deepEqual(shell.takeAll('drop'), [])
})

const wrongFrames = {
  'does not go on where the last one ended': { offset: 200, length: 4096, payload: new Uint8Array(10) },
  'repeats what was sent': { offset: 0, length: 4096, payload: new Uint8Array(10) },
  'lies about the length of the chunk': { offset: 100, length: 5000, payload: new Uint8Array(10) },
  'reaches past the end of the chunk': { offset: 100, length: 4096, payload: new Uint8Array(4096) },
  'is empty': { offset: 100, length: 4096, payload: new Uint8Array(0) },
}
for (const [what, frame] of Object.entries(wrongFrames)) {
  test(`drops a peer whose frame ${what}`, () => {
    const shell = new Shell([content])
    shell.meet('a', [0])
    shell.demand(1, 0, 0)
    shell.frame('a', 0, { end: 100 })
    shell.take()
    shell.receive('a', { type: 'frame', asset, index: 0, ...frame })
    assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
  })
}

test('never assembles a chunk from two peers', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.frame('a', 0, { end: 4000 })
  shell.meet('b', [0])
  shell.handle({ type: 'peer-left', peer: 'a' })
  assert.deepEqual(shell.takeSent('request').at(-1), 'b 0')
  shell.frame('b', 0, { start: 4000 })
  assert.deepEqual(
    shell.take().map(({ type }) => type),
    ['drop', 'report', 'report', 'fetch'],
  )
})

test('if the origin fails, peers are asked for the chunks they hold even past the deadline', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 1, 0)
  shell.meet('a', [0, 1])
  shell.take()
  shell.handle({ type: 'fetch-failed', asset, first: 0, last: 1 })
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1'])
  shell.wait(1000)
  assert.deepEqual(shell.take(), [], 'the late requests are not cancelled')
})

test('does not fetch a chunk again, together with another, after the origin failed to provide it', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 1)
  shell.receive('a', { type: 'have', asset, index: 1 })
  shell.handle({ type: 'fetch-failed', asset, first: 1, last: 1 })
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1'])
  shell.handle({ type: 'peer-left', peer: 'a' })
  assert.deepEqual(shell.takeAll('fetch'), [{ type: 'fetch', asset, first: 0, last: 0 }])
})

test('if the origin fails and no peer has the chunk, the demand fails once', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 5)
  shell.fetched(0, 1)
  shell.take()
  shell.handle({ type: 'fetch-failed', asset, first: 2, last: 5 })
  assert.deepEqual(shell.take(), [{ type: 'demand-failed', demand: 1 }])
  shell.handle({ type: 'demand-ended', demand: 1 })
  assert.deepEqual(shell.take(), [])
})

test('if the origin and every peer failed, the demand fails', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 0)
  shell.meet('a', [0])
  shell.handle({ type: 'fetch-failed', asset, first: 0, last: 0 })
  shell.receive('a', { type: 'reject', asset, index: 0, reason: 'missing' })
  assert.deepEqual(shell.takeAll('demand-failed'), [{ type: 'demand-failed', demand: 1 }])
})

test('a demand after a failed one tries the origin again', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 0)
  shell.handle({ type: 'fetch-failed', asset, first: 0, last: 0 })
  shell.take()
  shell.demand(2, 0, 0)
  assert.deepEqual(shell.take(), [{ type: 'fetch', asset, first: 0, last: 0 }])
})

for (const bad of ['a wrong chunk', 'a chunk of the wrong length']) {
  test(`${bad} from the origin fails the demands that touch it and no other`, () => {
    const shell = new Shell([content])
    shell.demand(1, 0, 2)
    shell.demand(2, 1, 1)
    shell.demand(3, 0, 0)
    shell.take()
    const bytes = chunkOf(content, 1)
    shell.handle({
      type: 'fetched',
      asset,
      index: 1,
      bytes: bad === 'a wrong chunk' ? bytes : bytes.slice(1),
    })
    shell.verify(false)
    const outputs = shell.take()
    assert.deepEqual(
      outputs.filter(({ type }) => type === 'demand-failed'),
      [
        { type: 'demand-failed', demand: 1 },
        { type: 'demand-failed', demand: 2 },
      ],
    )
    assert.ok(outputs.some((output) => output.type === 'report' && output.event.kind === 'rejected'))
    shell.fetched(0)
    assert.deepEqual(
      shell.takeAll('deliver').map(({ demand }) => demand),
      [3],
    )
  })
}

test('a chunk that the shell finds locally cancels its request to a peer', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.take()
  shell.handle({ type: 'chunk', asset, index: 0, bytes: chunkOf(content, 0), source: 'origin' })
  shell.verify()
  const outputs = shell.take()
  assert.deepEqual(outputs[0], { type: 'send', peer: 'a', message: { type: 'cancel', asset, index: 0 } })
  assert.deepEqual(outputs.at(-1), {
    type: 'deliver',
    demand: 1,
    asset,
    index: 0,
    source: { kind: 'origin' },
  })
})

for (const bytes of [new Uint8Array(4096), new Uint8Array(5)]) {
  test(`a stale local chunk of ${bytes.length} bytes is counted and harms no demand`, () => {
    const shell = new Shell([content])
    shell.handle({ type: 'chunk', asset, index: 0, bytes, source: 'local' })
    shell.verify(false)
    assert.deepEqual(shell.take(), [
      { type: 'report', event: { kind: 'rejected', source: { kind: 'local' }, bytes: bytes.length } },
    ])
    shell.demand(1, 0, 0)
    assert.deepEqual(shell.take(), [{ type: 'fetch', asset, first: 0, last: 0 }])
  })
}

test('does not verify again a chunk that is already present', () => {
  const shell = new Shell([content])
  shell.own(0)
  shell.handle({ type: 'chunk', asset, index: 0, bytes: new Uint8Array(4096), source: 'local' })
  shell.handle({ type: 'fetched', asset, index: 0, bytes: new Uint8Array(4096) })
  shell.handle({ type: 'fetch-failed', asset, first: 0, last: 0 })
  assert.deepEqual(shell.take(), [
    { type: 'report', event: { kind: 'wasted', source: { kind: 'origin' }, bytes: 4096 } },
  ])
})
