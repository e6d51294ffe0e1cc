import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '@peerpress/wire'
import fc from 'fast-check'
import { type Delivery, Rooms } from './rooms.ts'

const maxPeersPerRoom = 5
const introductions = 2
/** Time after an unsuccessful request in which further ones are ignored, ms. */
const unsuccessfulPause = 1000
const offer = { kind: 'offer', sdp: '' } as const

type Step =
  | { readonly do: 'join'; readonly swarm: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'leave' | 'want' | 'signal'; readonly one: number; readonly other: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('join' as const), swarm: fc.constantFrom('s', 't') }),
  fc.record({
    do: fc.constant('wait' as const),
    ms: fc.constantFrom(1, unsuccessfulPause - 1, unsuccessfulPause),
  }),
  fc.record({
    do: fc.constantFrom('leave' as const, 'want' as const, 'signal' as const),
    one: fc.nat({ max: 11 }),
    other: fc.nat({ max: 11 }),
  }),
)
const randomNumbers = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
  minLength: 1,
})

test('behaves as its model for any sequence of joins, requests, signals and departures', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), randomNumbers, (steps, numbers) => {
      let drawn = 0
      const random = () => numbers[drawn++ % numbers.length] ?? 0
      const model = new Model(random)
      for (const each of steps) model.take(each)
    }),
    { numRuns: 500 },
  )
})

/** A simple model of the members and the introductions, compared with the rooms. */
class Model {
  readonly #rooms: Rooms
  readonly #swarms = new Map<PeerId, string>()
  readonly #pairs = new Set<string>()
  readonly #pausedUntil = new Map<PeerId, number>()
  #drawn = 0
  #now = 0

  constructor(random: () => number) {
    this.#rooms = new Rooms({ random, maxPeersPerRoom, introductions, now: () => this.#now })
  }

  take(each: Step): void {
    if (each.do === 'join') {
      this.#join(each.swarm)
      return
    }
    if (each.do === 'wait') {
      this.#now += each.ms
      return
    }
    const peers = Array.from({ length: this.#drawn }, (_, i) => `p${i}`)
    const one = peers.at(-1 - each.one) ?? 'nobody'
    const other = peers.at(-1 - each.other) ?? 'nobody'
    if (each.do === 'leave') this.#leave(one)
    else if (each.do === 'want') this.#want(one, 1 + each.other)
    else this.#signal(one, other)
  }

  #join(swarm: string): void {
    const peer = `p${this.#drawn++}`
    const inside = [...this.#swarms.values()].filter((name) => name === swarm).length
    const deliveries = this.#rooms.join(swarm, peer)
    assert.equal(deliveries === null, inside >= maxPeersPerRoom)
    if (deliveries === null) return
    this.#swarms.set(peer, swarm)
    this.#introduced(peer, deliveries, introductions)
  }

  #want(peer: PeerId, wanted: number): void {
    const deliveries = this.#rooms.want(peer, wanted)
    if (this.#now < (this.#pausedUntil.get(peer) ?? 0)) {
      assert.deepEqual(deliveries, [])
      return
    }
    this.#introduced(peer, deliveries, wanted)
    if (deliveries.length === 0) this.#pausedUntil.set(peer, this.#now + unsuccessfulPause)
  }

  /** Checks that `peer` was introduced to all unknown members, up to `wanted`, and that both sides were informed. */
  #introduced(peer: PeerId, deliveries: readonly Delivery[], wanted: number): void {
    const unknown = [...this.#swarms.keys()].filter(
      (other) =>
        other !== peer && this.#swarms.get(other) === this.#swarms.get(peer) && !this.#know(peer, other),
    )
    assert.equal(deliveries.length, 2 * Math.min(wanted, this.#swarms.has(peer) ? unknown.length : 0))
    for (let i = 0; i < deliveries.length; i += 2) {
      const { message } = deliveries[i] ?? {}
      assert.ok(message?.type === 'introduce')
      const other = message.peer
      assert.ok(unknown.includes(other) && !this.#know(peer, other))
      assert.deepEqual(deliveries.slice(i, i + 2), [
        { to: peer, message: { type: 'introduce', peer: other, role: 'offer' } },
        { to: other, message: { type: 'introduce', peer, role: 'answer' } },
      ])
      this.#pairs.add(pair(peer, other))
    }
  }

  #leave(peer: PeerId): void {
    const known = [...this.#swarms.keys()].filter((other) => this.#know(peer, other))
    assert.deepEqual(
      this.#rooms.leave(peer).toSorted((one, other) => (one.to < other.to ? -1 : 1)),
      known.toSorted().map((to) => ({ to, message: { type: 'left', peer } })),
    )
    this.#swarms.delete(peer)
    for (const other of known) this.#pairs.delete(pair(peer, other))
  }

  #signal(from: PeerId, to: PeerId): void {
    const expected = this.#know(from, to) ? { to, message: { type: 'signal', from, signal: offer } } : null
    assert.deepEqual(this.#rooms.signal(from, to, offer), expected)
  }

  #know(one: PeerId, other: PeerId): boolean {
    return this.#pairs.has(pair(one, other))
  }
}

function pair(one: PeerId, other: PeerId): string {
  return [one, other].toSorted().join(' ')
}
