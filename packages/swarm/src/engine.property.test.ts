import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import fc from 'fast-check'
import { chunkOf, makeContent } from './simulation/content.testing.ts'
import type { EngineInput, EngineOutput } from './contract.ts'
import { Engine } from './engine.ts'
import { seededRandom } from './simulation/seeded-random.ts'
import { SwarmError } from './swarm-error.ts'

const contents = [
  makeContent({ seed: 1, size: 100 }),
  makeContent({ seed: 2, size: 9 * 4096 + 5 }),
  makeContent({ seed: 3, size: 5000 }),
]
const asset = fc.constantFrom(...contents.map((content) => content.asset.id), 'f'.repeat(64))
const peer = fc.constantFrom('a', 'b', 'c')
const index = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 0, max: 9 }) },
  fc.integer({ min: -2, max: 20_000 }),
)
const bytes = (max: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> =>
  fc.uint8Array({ maxLength: max }).map((drawn) => new Uint8Array(drawn))

const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.constantFrom(1, 1, 1, 2),
    manifestVersion: fc.nat(),
  }),
  fc.record({
    type: fc.constant('bitfield' as const),
    asset,
    chunks: fc.constantFrom(1, 2, 10, 16_384),
    bits: bytes(3),
  }),
  fc.record({ type: fc.constantFrom('have' as const, 'request' as const, 'cancel' as const), asset, index }),
  fc.record({
    type: fc.constant('reject' as const),
    asset,
    index,
    reason: fc.constantFrom('missing' as const, 'busy' as const),
  }),
  fc.record({
    type: fc.constant('frame' as const),
    asset,
    index,
    offset: fc.constantFrom(0, 0, 100, 2048),
    length: fc.constantFrom(100, 904, 4096),
    payload: fc.constantFrom(0, 5, 100, 904, 2048, 4096).map((length) => new Uint8Array(length)),
  }),
  fc.record({ type: fc.constant('bye' as const) }),
)

const anyInput: fc.Arbitrary<EngineInput> = fc.oneof(
  fc.constantFrom(...contents).map((content): EngineInput => ({ type: 'asset', asset: content.asset })),
  fc.constantFrom(...contents).map((content): EngineInput => ({
    type: 'chunk',
    asset: content.asset.id,
    index: 0,
    bytes: chunkOf(content, 0),
    source: 'local',
  })),
  fc.record({
    type: fc.constant('chunk' as const),
    asset,
    index,
    bytes: bytes(20),
    source: fc.constantFrom('origin' as const, 'local' as const),
  }),
  fc.record({
    type: fc.constant('demand' as const),
    demand: fc.nat(20),
    asset,
    first: index,
    last: index,
    deadline: fc.oneof(fc.nat(10_000), fc.constant(Infinity)),
  }),
  fc.record({ type: fc.constant('demand-ended' as const), demand: fc.nat(20) }),
  fc.record({
    type: fc.constantFrom('peer-joined' as const, 'peer-left' as const, 'peer-garbage' as const),
    peer,
  }),
  { weight: 20, arbitrary: fc.record({ type: fc.constant('peer-message' as const), peer, message }) },
  fc.record({ type: fc.constant('chunk-sent' as const), peer, asset, index }),
  fc.record(
    { type: fc.constant('chunk-lost' as const), asset, index, unsent: peer },
    { requiredKeys: ['type', 'asset', 'index'] },
  ),
  fc.record({ type: fc.constant('fetched' as const), asset, index, bytes: bytes(20) }),
  fc.record({ type: fc.constant('fetch-failed' as const), asset, first: index, last: index }),
  fc.record({ type: fc.constant('verified' as const), verification: fc.nat(50), valid: fc.boolean() }),
  fc.constant({ type: 'timer' as const }),
)

const step = fc.record({ input: anyInput, later: fc.constantFrom(0, 0, 1, 300, 1000, 2500, -1) })

/** Inputs that start a conversation before the random ones. */
const opening: readonly EngineInput[] = [
  ...contents.map((content): EngineInput => ({ type: 'asset', asset: content.asset })),
  { type: 'peer-joined', peer: 'a' },
  {
    type: 'peer-message',
    peer: 'a',
    message: { type: 'hello', version: peerProtocolVersion, manifestVersion: 1 },
  },
  ...contents.map(({ asset: { id, size } }): EngineInput => {
    const chunks = Math.ceil(size / 4096)
    const bits = new Uint8Array(Math.ceil(chunks / 8)).fill(0xff)
    return { type: 'peer-message', peer: 'a', message: { type: 'bitfield', asset: id, chunks, bits } }
  }),
]

test('no input makes the engine throw anything but a documented error', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.boolean(),
      fc.array(step, { size: '+1', maxLength: 200 }),
      (seed, opened, steps) => {
        const engine = new Engine({ manifestVersion: 1, stallMs: 1000 }, seededRandom(seed))
        let now = 0
        const promised = new Promises()
        for (const happened of opened ? opening : []) promised.keep(engine, happened, now)
        for (const { input: drawn, later } of steps) {
          try {
            promised.keep(engine, drawn, now + later)
            now += later
          } catch (error) {
            if (!(error instanceof SwarmError)) throw error
          }
        }
      },
    ),
    { numRuns: 1000 },
  )
})

/** Checks the invariants between the engine's outputs, for any inputs. */
class Promises {
  readonly #connected = new Set<string>()
  readonly #stored = new Set<string>()
  readonly #valid = new Set<string>()
  readonly #verifying = new Map<number, string>()
  readonly #delivered = new Map<number, number>()

  keep(engine: Engine, input: EngineInput, now: number): void {
    let thrown: unknown
    try {
      engine.handle(input, now)
    } catch (error) {
      thrown = error
    }
    if (thrown === undefined) this.#before(input)
    let outputs = 0
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
      assert.equal(thrown, undefined, 'an input that throws has no outputs')
      assert.ok(++outputs < 1000, 'the outputs of one input are bounded')
      this.#check(output)
    }
    if (thrown !== undefined) throw thrown
  }

  #before(input: EngineInput): void {
    if (input.type === 'peer-joined') this.#connected.add(input.peer)
    if (input.type === 'peer-left') this.#connected.delete(input.peer)
    if (input.type === 'peer-message' && input.message.type === 'bye') this.#connected.delete(input.peer)
    if (input.type === 'verified' && input.valid)
      this.#valid.add(this.#verifying.get(input.verification) ?? '')
    if (input.type === 'chunk-lost') this.#stored.delete(`${input.asset} ${input.index}`)
    if (input.type === 'demand') this.#delivered.set(input.demand, input.first)
  }

  #check(output: EngineOutput): void {
    switch (output.type) {
      case 'send':
      case 'send-chunk':
        assert.ok(this.#connected.has(output.peer), 'only connected peers get messages')
        if (output.type === 'send-chunk') assert.ok(this.#stored.has(`${output.asset} ${output.index}`))
        return
      case 'drop':
        assert.ok(this.#connected.delete(output.peer), 'only a connected peer is dropped')
        return
      case 'verify':
        this.#verifying.set(output.verification, `${output.asset} ${output.index}`)
        return
      case 'store':
        assert.ok(this.#valid.has(`${output.asset} ${output.index}`), 'only verified chunks are stored')
        this.#stored.add(`${output.asset} ${output.index}`)
        return
      case 'deliver':
        assert.ok(this.#stored.has(`${output.asset} ${output.index}`), 'only stored chunks are delivered')
        assert.equal(
          output.index,
          this.#delivered.get(output.demand),
          'each chunk is delivered once, in order',
        )
        this.#delivered.set(output.demand, output.index + 1)
        return
      case 'fetch':
      case 'demand-failed':
      case 'set-timer':
      case 'report':
    }
  }
}
