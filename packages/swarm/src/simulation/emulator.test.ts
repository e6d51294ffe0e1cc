import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from './content.testing.ts'
import type { EmulatedNode } from './emulated-node.testing.ts'
import type { Behaviour } from './emulation.testing.ts'
import { Emulator } from './emulator.testing.ts'

const content = makeContent({ size: 40 * 4096 + 100 })
const { asset } = content
const all = { first: 0, last: 40 }
const everyChunk = Array.from({ length: 41 }, (_, index) => index)

function emulate(seed: number, answer: 'serves' | 'fails' = 'serves'): Emulator {
  return new Emulator(seed, [content], { latency: 80, uplink: 200, answer: () => answer })
}

function add(emulator: Emulator, behaviour: Behaviour = 'honest', uplink = 500): EmulatedNode {
  const id = (emulator.nodes.size + 1).toString(16).padStart(32, '0')
  return emulator.add({ id, behaviour, latency: 10, uplink, frameSize: 1024, engine: { manifestVersion: 1 } })
}

/** Connects all nodes with each other once their own chunks are verified. */
function joinAll(emulator: Emulator): void {
  emulator.queue.run()
  const nodes = [...emulator.nodes.values()]
  for (const [i, a] of nodes.entries()) for (const b of nodes.slice(i + 1)) emulator.connect(a, b)
}

test('a reader gets everything from a peer that has it, and nothing from the origin', () => {
  const emulator = emulate(1, 'fails')
  const [first, second] = [add(emulator), add(emulator)]
  first.own(content, everyChunk)
  joinAll(emulator)
  const outcome = second.demand(asset.id, { ...all, deadline: 5000 })
  emulator.queue.run()
  assert.equal(outcome.state, 'delivered')
  assert.equal(second.receivedFrom('peer'), asset.size)
  assert.equal(emulator.originBytes, 0)
})

test('a chain of readers passes chunks on', () => {
  const emulator = emulate(2, 'fails')
  const nodes = [add(emulator), add(emulator), add(emulator), add(emulator)]
  nodes[0]?.own(content, everyChunk)
  emulator.queue.run()
  for (const [i, node] of nodes.entries()) {
    const next = nodes[i + 1]
    if (next !== undefined) emulator.connect(node, next)
  }
  const outcome = nodes[1]?.demand(asset.id, { ...all, deadline: 60_000 })
  emulator.queue.run()
  const end = nodes[2]?.demand(asset.id, { ...all, deadline: emulator.queue.now + 60_000 })
  emulator.queue.run()
  assert.equal(outcome?.state, 'delivered')
  assert.equal(end?.state, 'delivered')
  assert.equal(nodes[2]?.receivedFrom('peer'), asset.size)
})

test('the same seed gives the same run, another seed a different one', () => {
  const run = (seed: number): string => {
    const emulator = emulate(seed)
    const nodes = (['honest', 'honest', 'liar', 'garbage', 'honest', 'stops-midway'] as const).map(
      (behaviour) => add(emulator, behaviour),
    )
    for (const node of nodes.slice(0, 4)) node.own(content, everyChunk)
    joinAll(emulator)
    nodes[4]?.demand(asset.id, { ...all, deadline: 3000 })
    emulator.queue.run()
    return emulator.digest
  }
  assert.equal(run(7), run(7))
  assert.notEqual(run(7), run(8))
})

const bad: readonly Behaviour[] = [
  'liar',
  'forger',
  'silent',
  'stops-midway',
  'drips',
  'mute',
  'boaster',
  'garbage',
]
for (const behaviour of bad) {
  test(`a reader whose only peer is '${behaviour}' gets the true bytes from the origin soon after the deadline`, () => {
    const emulator = emulate(3)
    const [peer, reader] = [add(emulator, behaviour), add(emulator)]
    if (behaviour !== 'boaster') peer.own(content, everyChunk)
    joinAll(emulator)
    const outcome = reader.demand(asset.id, { ...all, deadline: 1500 })
    emulator.queue.run()
    assert.equal(outcome.state, 'delivered')
    assert.ok(outcome.at < 1500 + 2000 + 80 + asset.size / 200 + 50, `${outcome.at} ms`)
  })

  test(`a '${behaviour}' peer beside an honest one costs no request to the origin`, () => {
    const emulator = emulate(4, 'fails')
    const [peer, honest, reader] = [add(emulator, behaviour), add(emulator), add(emulator)]
    if (behaviour !== 'boaster') peer.own(content, everyChunk)
    honest.own(content, everyChunk)
    joinAll(emulator)
    const outcome = reader.demand(asset.id, { ...all, deadline: 30_000 })
    emulator.queue.run()
    assert.equal(outcome.state, 'delivered')
    assert.equal(
      reader.events.some((event) => event.kind === 'dropped' && event.peer === honest.id),
      false,
    )
  })
}

test('drops a liar for its first bad chunk and a stalling peer for its second stall', () => {
  for (const [behaviour, reason] of [
    ['liar', 'bad-chunk'],
    ['silent', 'stalled'],
  ] as const) {
    const emulator = emulate(5)
    const [peer, reader] = [add(emulator, behaviour), add(emulator)]
    peer.own(content, everyChunk)
    joinAll(emulator)
    reader.demand(asset.id, { ...all, deadline: 20_000 })
    emulator.queue.run()
    assert.deepEqual(
      reader.events.filter((event) => event.kind === 'dropped'),
      [{ kind: 'dropped', peer: peer.id, reason }],
    )
  }
})

test('many readers of one slow peer are served by each other and by the origin', () => {
  const emulator = emulate(6)
  const seed = add(emulator, 'honest', 50)
  seed.own(content, everyChunk)
  const readers = Array.from({ length: 10 }, () => add(emulator, 'honest', 50))
  joinAll(emulator)
  const outcomes = readers.map((reader) => reader.demand(asset.id, { ...all, deadline: 10_000 }))
  emulator.queue.run()
  assert.ok(outcomes.every(({ state }) => state === 'delivered'))
  assert.equal(
    readers.some((reader) => reader.count('dropped') > 0),
    false,
  )
  assert.ok(readers.some((reader) => reader.count('sent') > 0))
  assert.ok(emulator.originBytes < readers.length * asset.size)
})
