import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import { makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ seed: 1, size: 10 * 4096 })
const other = makeContent({ seed: 2, size: 100 })
const asset = content.asset.id
const hello: PeerMessage = { type: 'hello', version: peerProtocolVersion, manifestVersion: 1 }
const bits = (...bytes: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(bytes)

test('greets a new peer with hello and a bitfield of every known asset, even if it is empty', () => {
  const shell = new Shell([content, other])
  shell.own(0, 9)
  shell.handle({ type: 'peer-joined', peer: 'a' })
  assert.deepEqual(shell.take(), [
    { type: 'send', peer: 'a', message: { type: 'hello', version: peerProtocolVersion, manifestVersion: 7 } },
    { type: 'send', peer: 'a', message: { type: 'bitfield', asset, chunks: 10, bits: bits(0x80, 0x40) } },
    {
      type: 'send',
      peer: 'a',
      message: { type: 'bitfield', asset: other.asset.id, chunks: 1, bits: bits(0) },
    },
  ])
})

test('sends its peers the bitfield of an asset that becomes known later, once', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.take()
  shell.handle({ type: 'asset', asset: other.asset })
  shell.handle({ type: 'asset', asset: other.asset })
  assert.deepEqual(shell.take(), [
    {
      type: 'send',
      peer: 'a',
      message: { type: 'bitfield', asset: other.asset.id, chunks: 1, bits: bits(0) },
    },
  ])
})

test('announces a chunk to every peer once it is verified', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.meet('b')
  shell.demand(1, 3, 3)
  shell.fetched(3)
  assert.deepEqual(shell.takeSent('have'), ['a 3', 'b 3'])
})

const beforeHello: readonly PeerMessage[] = [
  { type: 'bitfield', asset, chunks: 10, bits: bits(0xff, 0xc0) },
  { type: 'have', asset, index: 0 },
  { type: 'request', asset, index: 0 },
  { type: 'cancel', asset, index: 0 },
  { type: 'reject', asset, index: 0, reason: 'busy' },
  { type: 'frame', asset, index: 0, offset: 0, length: 4096, payload: bits(1) },
]
for (const message of beforeHello) {
  test(`drops a peer that sends '${message.type}' before hello`, () => {
    const shell = new Shell([content])
    shell.handle({ type: 'peer-joined', peer: 'a' })
    shell.take()
    shell.receive('a', message)
    assert.deepEqual(shell.take(), [
      { type: 'drop', peer: 'a', reason: 'protocol' },
      { type: 'report', event: { kind: 'dropped', peer: 'a', reason: 'protocol' } },
    ])
  })
}

const neverAllowed: Record<string, PeerMessage> = {
  'a second hello': hello,
  'a bitfield for another number of chunks': { type: 'bitfield', asset, chunks: 11, bits: bits(0, 0) },
  'a bitfield of the wrong length': { type: 'bitfield', asset, chunks: 10, bits: bits(0) },
  'have for a chunk that does not exist': { type: 'have', asset, index: 10 },
  'a request for a chunk that does not exist': { type: 'request', asset, index: 10 },
  'a reject that answers no request': { type: 'reject', asset, index: 0, reason: 'missing' },
  'an unrequested frame': {
    type: 'frame',
    asset,
    index: 0,
    offset: 0,
    length: 4096,
    payload: bits(1),
  },
}
for (const [what, message] of Object.entries(neverAllowed)) {
  test(`drops a peer for ${what}`, () => {
    const shell = new Shell([content])
    shell.meet('a')
    shell.receive('a', message)
    assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
  })
}

test('drops a peer that sends invalid bytes', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.handle({ type: 'peer-garbage', peer: 'a' })
  assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
})

test('drops a peer with another protocol version and requests nothing from it', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'peer-joined', peer: 'a' })
  shell.take()
  shell.receive('a', { ...hello, version: peerProtocolVersion - 1 })
  shell.receive('a', { type: 'bitfield', asset, chunks: 10, bits: bits(0xff, 0xc0) })
  shell.demand(1, 0, 9)
  assert.deepEqual(
    shell.take().map(({ type }) => type),
    ['drop', 'report', 'fetch'],
  )
})

test('a peer that never sends hello delays a demand for at most half a second, and is dropped later', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'peer-joined', peer: 'a' })
  shell.demand(1, 0, 9)
  shell.wait(499)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.wait(1)
  assert.deepEqual(shell.takeAll('fetch'), [{ type: 'fetch', asset, first: 0, last: 9 }])
  shell.wait(10_000)
  assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'stalled' }])
})

test('waits for the bitfield of a peer that has just joined, instead of using the origin', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'peer-joined', peer: 'a' })
  shell.demand(1, 0, 0)
  shell.receive('a', hello)
  assert.deepEqual(shell.takeAll('fetch'), [])
  shell.receive('a', { type: 'bitfield', asset, chunks: 10, bits: bits(0x80, 0) })
  assert.deepEqual(shell.takeSent('request'), ['a 0'])
})

test('remembers the bitfield of an asset that becomes known later, with later changes', () => {
  const shell = new Shell([content])
  const unknown = { asset: other.asset.id, chunks: 1 }
  shell.meet('a')
  shell.receive('a', { type: 'bitfield', ...unknown, bits: bits(0) })
  shell.receive('a', { type: 'have', asset: other.asset.id, index: 0 })
  shell.handle({ type: 'asset', asset: other.asset })
  shell.handle({ type: 'demand', demand: 1, asset: other.asset.id, first: 0, last: 0, deadline: Infinity })
  assert.deepEqual(shell.takeSent('request'), ['a 0'])
})

test('drops a peer whose remembered bitfield turns out to have the wrong size', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.receive('a', { type: 'bitfield', asset: other.asset.id, chunks: 2, bits: bits(0xc0) })
  shell.handle({ type: 'asset', asset: other.asset })
  assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
})

test('remembers a bounded number of bitfields of unknown assets', () => {
  const shell = new Shell([content])
  shell.meet('a')
  const strangers = Array.from({ length: 65 }, (_, i) => makeContent({ seed: 100 + i, size: 100 }).asset)
  for (const { id } of strangers)
    shell.receive('a', { type: 'bitfield', asset: id, chunks: 1, bits: bits(0x80) })
  for (const stranger of strangers) shell.handle({ type: 'asset', asset: stranger })
  const served = strangers.filter(({ id }) => shell.engine.canServe(id, 0, 0))
  assert.deepEqual(served, strangers.slice(0, 64))
})

test('a peer that sends bye is gone: its chunks are requested elsewhere, and later messages are ignored', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  shell.meet('b', [0])
  shell.take()
  shell.receive('a', { type: 'bye' })
  shell.frame('a', 0)
  assert.deepEqual(shell.take(), [{ type: 'send', peer: 'b', message: { type: 'request', asset, index: 0 } }])
})

test('a peer that left may join again', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.handle({ type: 'peer-left', peer: 'a' })
  shell.handle({ type: 'peer-left', peer: 'a' })
  assert.equal(shell.engine.canServe(asset, 0, 9), false)
  shell.meet('a', [0])
  assert.equal(shell.engine.canServe(asset, 0, 9), true)
})

test('a later bitfield replaces the chunks that a peer held', () => {
  const shell = new Shell([content])
  shell.meet('a', [0, 1])
  shell.receive('a', { type: 'bitfield', asset, chunks: 10, bits: bits(0x20, 0) })
  assert.equal(shell.engine.canServe(asset, 0, 1), false)
  assert.equal(shell.engine.canServe(asset, 2, 2), true)
})
