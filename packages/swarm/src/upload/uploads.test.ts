import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import type { EngineOptions } from '../engine-options.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })
const asset = content.asset.id
const all = Array.from({ length: 40 }, (_, index) => index)

/** Returns a shell that has every chunk, and connects peers that want them. */
function serving(peers: readonly string[], options: Partial<EngineOptions> = {}): Shell {
  const shell = new Shell([content], options)
  shell.own(...all)
  for (const peer of peers) shell.meet(peer)
  shell.take()
  return shell
}

function request(shell: Shell, peer: string, ...indices: number[]): void {
  for (const index of indices) shell.receive(peer, { type: 'request', asset, index })
}

function sent(shell: Shell, peer: string, index: number): void {
  shell.handle({ type: 'chunk-sent', peer, asset, index })
}

function sending(shell: Shell): string[] {
  return shell.takeAll('send-chunk').map(({ peer, index }) => `${peer} ${index}`)
}

test('sends a stored chunk and reports it after it has left', () => {
  const shell = serving(['a'])
  request(shell, 'a', 3)
  assert.deepEqual(shell.take(), [{ type: 'send-chunk', peer: 'a', asset, index: 3 }])
  sent(shell, 'a', 3)
  assert.deepEqual(shell.take(), [{ type: 'report', event: { kind: 'sent', peer: 'a', bytes: 4096 } }])
})

test('rejects a request for a chunk or an asset it does not have', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.take()
  request(shell, 'a', 3)
  shell.receive('a', { type: 'request', asset: 'f'.repeat(64), index: 0 })
  assert.deepEqual(shell.take(), [
    { type: 'send', peer: 'a', message: { type: 'reject', asset, index: 3, reason: 'missing' } },
    {
      type: 'send',
      peer: 'a',
      message: { type: 'reject', asset: 'f'.repeat(64), index: 0, reason: 'missing' },
    },
  ])
})

test('rejects requests for a lost chunk, except one that is being sent', () => {
  const shell = serving(['a', 'b', 'c'], { maxUploads: 2, uploadsPerPeer: 1 })
  for (const peer of ['a', 'b', 'c']) request(shell, peer, 3)
  assert.deepEqual(sending(shell), ['a 3', 'b 3'])
  shell.handle({ type: 'chunk-lost', asset, index: 3, unsent: 'b' })
  assert.deepEqual(shell.takeSent('reject'), ['b 3', 'c 3'])
  request(shell, 'b', 3)
  assert.deepEqual(shell.takeSent('reject'), ['b 3'])
  sent(shell, 'a', 3)
  assert.deepEqual(shell.takeReports('sent'), [{ kind: 'sent', peer: 'a', bytes: 4096 }])
})

test('does not offer a lost chunk to new peers until it is back', () => {
  const shell = serving([])
  shell.handle({ type: 'chunk-lost', asset, index: 0 })
  shell.handle({ type: 'chunk-lost', asset, index: 0 })
  shell.meet('a')
  const [bitfield] = shell.take().flatMap((output) => {
    const said = output.type === 'send' && output.message
    return said && said.type === 'bitfield' ? [said] : []
  })
  assert.equal(bitfield?.bits[0], 0x7f)
  assert.equal(shell.engine.canServe(asset, 0, 0), false)
  shell.fetched(0)
  assert.deepEqual(shell.takeSent('have'), ['a 0'])
})

test('limits simultaneous uploads per peer and in total, and serves the queue in order', () => {
  const shell = serving(['a', 'b'], { maxUploads: 3, uploadsPerPeer: 2 })
  request(shell, 'a', 0, 1, 2)
  request(shell, 'b', 5, 6)
  assert.deepEqual(sending(shell), ['a 0', 'a 1', 'b 5'])
  sent(shell, 'a', 2)
  assert.deepEqual(shell.take(), [], 'chunk 2 is still queued')
  sent(shell, 'b', 5)
  assert.deepEqual(sending(shell), ['b 6'], 'a is at its limit')
  sent(shell, 'a', 1)
  assert.deepEqual(sending(shell), ['a 2'])
})

test('serves sharing peers and newcomers first, then others; one slot in sixteen follows the queue alone', () => {
  const shell = new Shell([content], { maxUploads: 1, uploadsPerPeer: 1 })
  shell.meet('giver', [0])
  shell.demand(1, 0, 0)
  shell.give('giver', 0)
  shell.own(...all.slice(1))
  for (const peer of ['taker', 'newcomer']) shell.meet(peer)
  shell.take()
  request(shell, 'taker', 0, 1, 2, 3)
  request(shell, 'giver', ...all.slice(1, 17))
  request(shell, 'newcomer', 5, 6)
  const order: string[] = []
  for (let turn = 0; turn < 22; turn++) {
    const [next = ''] = sending(shell)
    const [peer = '', index = ''] = next.split(' ')
    order.push(peer)
    sent(shell, peer, Number(index))
  }
  assert.equal(order[0], 'taker', 'it was the only one')
  assert.deepEqual(order.slice(1, 15), Array(14).fill('giver'))
  assert.equal(order[15], 'taker', 'it has waited longest')
  assert.deepEqual(order.slice(16).toSorted(), ['giver', 'giver', 'newcomer', 'newcomer', 'taker', 'taker'])
  assert.deepEqual(order.slice(16, 19), ['giver', 'giver', 'newcomer'])
})

test('rejects as busy when too many requests are queued, per peer and in total', () => {
  const shell = serving(['a', 'b', 'c', 'd', 'e'], { maxUploads: 1, uploadsPerPeer: 1 })
  request(shell, 'a', ...all.slice(0, 17))
  assert.deepEqual(shell.takeSent('reject'), [])
  request(shell, 'a', 17)
  assert.deepEqual(shell.takeSent('reject'), ['a 17'])
  for (const peer of ['b', 'c', 'd']) request(shell, peer, ...all.slice(0, 16))
  assert.deepEqual(shell.takeSent('reject'), [])
  request(shell, 'e', 0)
  assert.deepEqual(shell.takeSent('reject'), ['e 0'])
})

test('rejects a request that was queued for half the stall time, so that the peer does not count as dead', () => {
  const shell = serving(['a'], { uploadsPerPeer: 1, stallMs: 2000 })
  // Past every timer that joining sets.
  shell.wait(20_000)
  request(shell, 'a', 0, 1)
  shell.wait(500)
  request(shell, 'a', 2)
  shell.take()
  shell.wait(499)
  assert.deepEqual(shell.take(), [])
  shell.wait(1)
  assert.deepEqual(shell.take(), [
    { type: 'send', peer: 'a', message: { type: 'reject', asset, index: 1, reason: 'busy' } },
  ])
  shell.wait(500)
  assert.deepEqual(shell.takeSent('reject'), ['a 2'])
})

test('rejects a cancelled queued request, and completes one that is being sent', () => {
  const shell = serving(['a'], { uploadsPerPeer: 1 })
  request(shell, 'a', 0, 1)
  shell.take()
  shell.receive('a', { type: 'cancel', asset, index: 0 })
  shell.receive('a', { type: 'cancel', asset, index: 1 })
  shell.receive('a', { type: 'cancel', asset, index: 2 })
  assert.deepEqual(shell.takeSent('reject'), ['a 1'])
  sent(shell, 'a', 0)
  assert.deepEqual(
    shell.take().map(({ type }) => type),
    ['report'],
  )
})

test('a peer that leaves frees its slots and its place in the queue', () => {
  const shell = serving(['a', 'b'], { maxUploads: 1 })
  request(shell, 'a', 0, 1)
  request(shell, 'b', 2)
  shell.take()
  shell.handle({ type: 'peer-left', peer: 'a' })
  assert.deepEqual(sending(shell), ['b 2'])
  sent(shell, 'a', 0)
  assert.deepEqual(shell.take(), [])
})

test('drops a peer that repeats a pending request', () => {
  const shell = serving(['a'])
  request(shell, 'a', 0, 0)
  assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
})

test('serves a chunk that came from a peer', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.meet('b')
  shell.demand(1, 0, 0)
  shell.give('a', 0)
  request(shell, 'b', 0)
  assert.deepEqual(sending(shell), ['b 0'])
})

test('a seed first serves peers that pass on its chunks', () => {
  const shell = serving(['keeper', 'spreader', 'other'], { maxUploads: 1 })
  const have = (peer: string, index: number) => shell.receive(peer, { type: 'have', asset, index })
  for (const [peer, index] of [
    ['keeper', 0],
    ['spreader', 1],
  ] as const) {
    request(shell, peer, index)
    sent(shell, peer, index)
    have(peer, index)
  }
  // Only the spreader can have passed it on.
  have('other', 1)
  request(shell, 'other', 5)
  request(shell, 'keeper', 6)
  request(shell, 'spreader', 7)
  shell.take()
  sent(shell, 'other', 5)
  assert.deepEqual(sending(shell), ['spreader 7'])
})
