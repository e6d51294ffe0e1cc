import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ChunkProof, PeerMessage } from '@peerpress/wire'
import { makeContent } from '../simulation/content.testing.ts'
import type { EmulatedNode } from '../simulation/emulated-node.testing.ts'
import type { Behaviour } from '../simulation/emulation.testing.ts'
import { Emulator } from '../simulation/emulator.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })
const asset = content.asset.id
const everyChunk = Array.from({ length: 40 }, (_, index) => index)

function emulate(behaviours: readonly Behaviour[]): { emulator: Emulator; nodes: EmulatedNode[] } {
  const emulator = new Emulator(1, [content], { latency: 80, uplink: 200, answer: () => 'serves' })
  const nodes = behaviours.map((behaviour, i) =>
    emulator.add({
      id: `peer ${i}`,
      behaviour,
      latency: 10,
      uplink: 500,
      frameSize: 1024,
      engine: { manifestVersion: 1 },
    }),
  )
  return { emulator, nodes }
}

function play({ emulator, nodes }: ReturnType<typeof emulate>, readers: number): void {
  for (const node of nodes.slice(readers)) node.own(content, everyChunk)
  emulator.queue.run()
  for (const [i, a] of nodes.entries()) for (const b of nodes.slice(i + 1)) emulator.connect(a, b)
  const outcomes = nodes
    .slice(0, readers)
    .map((node) => node.demand(asset, { first: 0, last: 39, deadline: emulator.queue.now + 60_000 }))
  emulator.queue.run()
  assert.ok(outcomes.every(({ state }) => state === 'delivered'))
}

test('the first receiver of a signed wrong chunk proves the lie, and all peers drop the liar', () => {
  const network = emulate(['honest', 'honest', 'honest', 'liar', 'honest'])
  play(network, 3)
  assert.deepEqual([...network.emulator.banned], ['peer 3'])
  const rejected = network.nodes.reduce((sum, node) => sum + node.count('rejected'), 0)
  assert.ok(rejected >= 1 && rejected <= 3, `${rejected} bad chunks for three readers`)
})

test("a peer that forges another's signature on a bad chunk harms only itself", () => {
  const network = emulate(['honest', 'honest', 'forger', 'honest'])
  play(network, 2)
  assert.deepEqual([...network.emulator.banned], [])
  for (const { events } of network.nodes)
    for (const event of events)
      if (event.kind === 'dropped') assert.deepEqual([event.peer, event.reason], ['peer 2', 'bad-chunk'])
})

test('accuses with the proof that the shell found, and only drops without one', () => {
  const proof: ChunkProof = { peer: 'a', asset, index: 0, hash: '00'.repeat(32), signature: 'AA' }
  for (const found of [proof, undefined]) {
    const shell = new Shell([content])
    shell.meet('a', [0])
    shell.demand(1, 0, 0)
    shell.take()
    const signature = new Uint8Array(64).fill(3)
    shell.receive('a', { ...frameOf(0), signature })
    const [verify] = shell.takeAll('verify')
    assert.deepEqual(verify?.claimed, { peer: 'a', signature })
    shell.handle({ type: 'verified', verification: verify?.verification ?? 0, valid: false, proof: found })
    const outputs = shell.take()
    assert.deepEqual(
      outputs.filter(({ type }) => type === 'accuse'),
      found === undefined ? [] : [{ type: 'accuse', proof }],
    )
    assert.ok(outputs.some((output) => output.type === 'drop' && output.reason === 'bad-chunk'))
  }
})

test('receipts cover all bytes that peers sent, and the senders claim them', () => {
  const network = emulate(['honest', 'honest', 'honest'])
  play(network, 1)
  const [reader, ...givers] = network.nodes
  const claimed = givers.map(({ claims }) => claims.get('peer 0') ?? 0)
  assert.equal(
    claimed.reduce((sum, bytes) => sum + bytes, 0),
    reader?.receivedFrom('peer'),
  )
})

test('claims a receipt only if its total is higher than the last one', () => {
  const shell = new Shell([content])
  shell.meet('a')
  shell.take()
  for (const bytes of [500, 500, 400, 0, 501])
    shell.receive('a', { type: 'receipt', bytes, signature: new Uint8Array(64) })
  assert.deepEqual(
    shell.takeAll('claim').map(({ bytes }) => bytes),
    [500, 501],
  )
})

test('drops a peer that floods messages, and not one that sends many over time', () => {
  const have: PeerMessage = { type: 'have', asset, index: 0 }
  const shell = new Shell([content])
  shell.meet('a')
  for (let i = 0; i < 20_000; i++) {
    shell.receive('a', have)
    shell.wait(1)
  }
  assert.deepEqual(shell.takeAll('drop'), [])
  for (let i = 0; i < 5000; i++) shell.receive('a', have)
  assert.deepEqual(shell.takeAll('drop'), [{ type: 'drop', peer: 'a', reason: 'protocol' }])
})

test('drops a peer that repeatedly announces a chunk it does not have', () => {
  const shell = new Shell([content])
  shell.meet('a', [0])
  shell.demand(1, 0, 0)
  let denials = 0
  while (shell.takeAll('drop').length === 0) {
    assert.ok(++denials < 100, 'the peer is still connected')
    shell.receive('a', { type: 'reject', asset, index: 0, reason: 'missing' })
    if (shell.take().some(({ type }) => type === 'drop')) return
    // A new demand, because within one demand the attempts are limited.
    shell.handle({ type: 'demand-ended', demand: denials })
    shell.receive('a', { type: 'bitfield', asset, chunks: 40, bits: Uint8Array.of(0x80, 0, 0, 0, 0) })
    shell.demand(denials + 1, 0, 0)
  }
})

test('keeps a peer that had to discard all chunks it announced', () => {
  const shell = new Shell([content])
  shell.meet('a', everyChunk)
  shell.demand(1, 0, 39)
  let asked = 0
  for (;;) {
    const requests = shell
      .takeAll('send')
      .flatMap(({ message }) => (message.type === 'request' ? [message.index] : []))
    if (requests.length === 0) break
    asked += requests.length
    for (const index of requests) shell.receive('a', { type: 'reject', asset, index, reason: 'missing' })
  }
  assert.ok(asked > 16, `${asked} chunks were requested`)
  shell.demand(2, 0, 0)
  assert.deepEqual(shell.takeAll('drop'), [])
})

function frameOf(index: number): PeerMessage & { readonly type: 'frame' } {
  return { type: 'frame', asset, index, offset: 0, length: 4096, payload: new Uint8Array(4096) }
}
