import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeContent } from './content.testing.ts'
import type { Behaviour, Outcome } from './emulation.testing.ts'
import type { OriginAnswer } from './emulator.testing.ts'
import { Emulator } from './emulator.testing.ts'

const sizes = [1, 3 * 4096 + 17, 25 * 4096, 50 * 4096]
const contents = sizes.map((size, i) => makeContent({ seed: i + 1, size }))

const behaviour = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Behaviour>('honest') },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Behaviour>(
      'liar',
      'forger',
      'silent',
      'stops-midway',
      'drips',
      'mute',
      'boaster',
      'garbage',
    ),
  },
)

const node = fc.record({
  behaviour,
  latency: fc.integer({ min: 1, max: 150 }),
  uplink: fc.constantFrom(5, 50, 500, 5000),
  frameSize: fc.constantFrom(100, 1024, 4096),
  /** The node has each chunk with probability 1 ÷ `owns`. */
  owns: fc.constantFrom(1, 2, 5, Infinity, Infinity, Infinity),
  window: fc.constantFrom(1, 4, 32),
  requestsPerPeer: fc.integer({ min: 1, max: 4 }),
  maxUploads: fc.integer({ min: 1, max: 8 }),
})

/** Picks one item of a list of any length. */
const pickAt = fc.nat(1000)
const networkEvent = fc.record({
  at: fc.integer({ min: 0, max: 8000 }),
  what: fc.oneof(
    fc.record({ type: fc.constantFrom('connect' as const, 'disconnect' as const), a: pickAt, b: pickAt }),
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constant('demand' as const),
        a: pickAt,
        content: pickAt,
        first: pickAt,
        last: pickAt,
        pace: fc.constantFrom(0, 0, 100),
        order: fc.constantFrom('sequential' as const, 'any' as const),
        timeout: fc.constantFrom(0, 1500, 10_000, 10_000, Infinity),
        abandonAfter: fc.oneof(
          { weight: 4, arbitrary: fc.constant(null) },
          fc.integer({ min: 1, max: 3000 }),
        ),
      }),
    },
    { arbitrary: fc.record({ type: fc.constant('leave' as const), a: pickAt }), weight: 1 },
    {
      arbitrary: fc.record({ type: fc.constant('lose' as const), a: pickAt, content: pickAt, of: pickAt }),
      weight: 2,
    },
  ),
})

const scenario = fc.record({
  seed: fc.integer(),
  nodes: fc.array(node, { minLength: 3, maxLength: 8, size: 'max' }),
  /** Share of pairs that are connected at the start. */
  density: fc.constantFrom(0.3, 0.7, 1),
  events: fc.array(networkEvent, { minLength: 1, maxLength: 40, size: 'max' }),
  origin: fc.record({
    latency: fc.integer({ min: 1, max: 500 }),
    uplink: fc.constantFrom(20, 1000),
    fault: fc.constantFrom<OriginAnswer>('serves', 'fails', 'wrong-bytes', 'wrong-length'),
    share: fc.constantFrom(0.1, 1),
  }),
})

test('on any network, every demand is delivered in full, or fails because the origin failed', () => {
  fc.assert(
    fc.property(scenario, (drawn) => {
      const emulator = play(drawn)
      for (const outcome of emulator.outcomes) {
        assert.notEqual(outcome.state, 'waiting', `demand ${outcome.demand} of ${outcome.node} has no result`)
        if (outcome.state === 'failed')
          assert.notEqual(drawn.origin.fault, 'serves', 'a demand failed although the origin works')
      }
      // Every node checks that bytes are right, stored before use, in order and from one author.
      assertFairness(emulator)
    }),
    { numRuns: 300 },
  )
})

test('any run on any network can be repeated exactly', () => {
  fc.assert(
    fc.property(scenario, (drawn) => assert.equal(play(drawn).digest, play(drawn).digest)),
    { numRuns: 20 },
  )
})

/** Checks that no honest peer drops another honest peer as a liar, and that only liars are banned. */
function assertFairness(emulator: Emulator): void {
  const behaviourOf = (id: string): Behaviour | undefined => emulator.nodes.get(id)?.options.behaviour
  const isHonest = (id: string): boolean => behaviourOf(id) === 'honest'
  for (const id of emulator.banned) assert.equal(behaviourOf(id), 'liar')
  for (const { id, events } of emulator.nodes.values()) {
    for (const event of events) {
      if (event.kind !== 'dropped' || !isHonest(id) || !isHonest(event.peer)) continue
      assert.equal(event.reason, 'stalled', `${id} dropped the honest ${event.peer}`)
    }
  }
}

type Scenario = typeof scenario extends fc.Arbitrary<infer Drawn> ? Drawn : never

function play({ seed, nodes, density, events, origin }: Scenario): Emulator {
  const { latency, uplink, fault, share } = origin
  const emulator: Emulator = new Emulator(seed, contents, {
    latency,
    uplink,
    answer: () => (fault !== 'serves' && emulator.random() < share ? fault : 'serves'),
  })
  const { queue, random } = emulator
  const added = nodes.map(({ owns, window, requestsPerPeer, maxUploads, ...options }, i) => {
    const id = (i + 1).toString(16).padStart(32, '0')
    const engine = {
      manifestVersion: 1,
      window,
      requestsPerPeer,
      maxUploads,
      uploadsPerPeer: 2,
      maxSources: 3,
      stallMs: 2000,
    }
    const one = emulator.add({ ...options, id, engine })
    for (const content of contents) {
      const count = Math.ceil(content.asset.size / content.asset.chunkSize)
      one.own(
        content,
        Array.from({ length: count }, (_, index) => index).filter(() => random() < 1 / owns),
      )
    }
    return one
  })
  queue.run()
  const pick = <Item>(items: readonly Item[], at: number): Item => items[at % items.length] as Item
  for (const a of added) for (const b of added) if (a.id < b.id && random() < density) emulator.connect(a, b)
  const start = queue.now
  for (const { at, what } of events) {
    queue.at(start + at, () => {
      const a = pick(added, what.a)
      if (what.type === 'connect') emulator.connect(a, pick(added, what.b))
      if (what.type === 'disconnect') closeAtBothEnds(emulator, a.id, pick(added, what.b).id)
      if (what.type === 'leave') emulator.remove(a)
      if (what.type === 'lose' && !a.left) {
        const content = pick(contents, what.content)
        const count = Math.ceil(content.asset.size / content.asset.chunkSize)
        a.lose(
          content,
          Array.from({ length: (what.of % count) + 1 }, (_, index) => index),
        )
      }
      if (what.type === 'demand' && !a.left) {
        const { asset } = pick(contents, what.content)
        const count = Math.ceil(asset.size / asset.chunkSize)
        const [first = 0, last = 0] = [what.first % count, what.last % count].toSorted((x, y) => x - y)
        const outcome: Outcome = a.demand(asset.id, {
          first,
          last,
          deadline: queue.now + what.timeout,
          pace: what.pace,
          order: what.order,
        })
        if (what.abandonAfter !== null) queue.at(queue.now + what.abandonAfter, () => a.abandon(outcome))
      }
    })
  }
  queue.run()
  return emulator
}

function closeAtBothEnds(emulator: Emulator, a: string, b: string): void {
  const [one, other] = [emulator.nodes.get(a), emulator.nodes.get(b)]
  if (one === undefined || other === undefined || emulator.link(one, b) === undefined) return
  emulator.disconnect(one, b)
  one.leave(b)
}
