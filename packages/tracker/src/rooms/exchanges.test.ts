import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '@peerpress/wire'
import type { Location } from '../admission/location.ts'
import { Exchanges } from './exchanges.ts'
import { lcg } from './lcg.testing.ts'
import { type Delivery, type Newcomer, Rooms } from './rooms.ts'

const minute = 60_000
const hour = 60 * minute

/** The readers of some swarms, their locations, and the addresses that each network learned. */
class Readers {
  now = 0
  readonly exchanges = new Exchanges({ now: () => this.now })
  readonly rooms = new Rooms({ random: lcg(1), exchanges: this.exchanges })
  readonly #locations = new Map<PeerId, Location>()
  /** Addresses of other networks' readers that were shown to each network. */
  readonly learned = new Map<string, Set<number>>()
  readonly #peers = new Map<PeerId, Set<PeerId>>()
  #joined = 0

  join(swarm: string, location: Location, about: Newcomer = {}): PeerId {
    const peer = `p${this.#joined++}`
    this.#peers.set(peer, new Set())
    this.#locations.set(peer, location)
    this.#take(this.rooms.join(swarm, peer, { network: location.networkPrefix, location, ...about }) ?? [])
    return peer
  }

  want(peer: PeerId): void {
    this.#take(this.rooms.want(peer, 12))
  }

  leave(peer: PeerId): void {
    this.#take(this.rooms.leave(peer))
  }

  learnedBy(networkPrefix: string): number {
    return this.learned.get(networkPrefix)?.size ?? 0
  }

  /** Returns the number of present peers that were introduced to this one. */
  peersOf(peer: PeerId): number {
    return this.#peers.get(peer)?.size ?? 0
  }

  #take(deliveries: readonly Delivery[]): void {
    for (const { to, message } of deliveries) {
      if (message.type === 'left') this.#peers.get(to)?.delete(message.peer)
      if (message.type !== 'introduce') continue
      this.#peers.get(to)?.add(message.peer)
      const [own, other] = [this.#locations.get(to), this.#locations.get(message.peer)]
      if (
        own === undefined ||
        other === undefined ||
        message.seed ||
        own.networkPrefix === other.networkPrefix
      )
        continue
      const learned = this.learned.get(own.networkPrefix) ?? new Set()
      this.learned.set(own.networkPrefix, learned.add(other.address))
    }
  }
}

/** Makes 500 readers of two posts, each in its own network. */
function fiveHundred(): Readers {
  const readers = new Readers()
  for (let i = 0; i < 500; i++) readers.join(`post ${i % 2}`, { networkPrefix: `home ${i}`, address: i })
  return readers
}

/** Joins both swarms from `addresses` addresses of one network, each time under a new key, and requests more peers. */
function attack(readers: Readers, joins: number, addresses = 1): void {
  for (let i = 0; i < joins; i++) {
    const peer = readers.join(`post ${i % 2}`, {
      networkPrefix: 'attacker',
      address: 1_000_000 + (i % addresses),
    })
    for (let request = 0; request < 6; request++) readers.want(peer)
    if (i % 3 !== 0) readers.leave(peer)
  }
}

test('one network learns 40 of 500 addresses within an hour, under any number of keys, tickets and posts', () => {
  const readers = fiveHundred()
  attack(readers, 300)
  assert.equal(readers.learnedBy('attacker'), 40)
  readers.now = hour - 1
  attack(readers, 100)
  assert.equal(readers.learnedBy('attacker'), 40)
})

test('a network learns no more when others join than by joining', () => {
  const readers = new Readers()
  for (let i = 0; i < 50; i++) readers.join('post 0', { networkPrefix: 'attacker', address: 1_000_000 + i })
  for (let i = 0; i < 500; i++) {
    const peer = readers.join('post 0', { networkPrefix: `home ${i}`, address: i })
    readers.want(peer)
  }
  assert.equal(readers.learnedBy('attacker'), 40)
})

test('no network learns more than 40 addresses in any hour, for any joins, requests and departures', () => {
  const readers = new Readers()
  const random = lcg(7)
  const peers: PeerId[] = []
  for (let round = 0; round < 3000; round++) {
    const address = Math.floor(random() * 600)
    const networkPrefix = `network ${address % 12}`
    peers.push(readers.join(`post ${address % 3}`, { networkPrefix, address }))
    const some = peers[Math.floor(random() * peers.length)] ?? ''
    if (random() < 0.5) readers.want(some)
    else readers.leave(some)
  }
  for (const [networkPrefix, { size }] of readers.learned)
    assert.ok(size <= 40, `${networkPrefix} learned ${size}`)
  assert.equal(readers.learned.size, 12)
})

test('two networks of many addresses learn equally much of each other', () => {
  const readers = new Readers()
  for (let i = 0; i < 200; i++) {
    const peer = readers.join('post 0', { networkPrefix: i % 2 === 0 ? 'one' : 'other', address: i })
    for (let request = 0; request < 6; request++) readers.want(peer)
  }
  assert.ok(readers.learnedBy('one') <= 40 && readers.learnedBy('other') <= 40)
  assert.ok(readers.learnedBy('one') > 20 && readers.learnedBy('other') > 20)
})

test('an attacker with many addresses uses up the bound of at most 40 readers', () => {
  const readers = fiveHundred()
  attack(readers, 2000, 2000)
  const met = (networkPrefix: string) =>
    [...(readers.learned.get(networkPrefix) ?? [])].filter((address) => address >= 1_000_000)
  const victims = Array.from({ length: 500 }, (_, i) => `home ${i}`).filter(
    (networkPrefix) => met(networkPrefix).length > 0,
  )
  assert.ok(victims.length <= 40, `${victims.length} readers met the attacker`)
})

test('20 readers behind one NAT have at least 4 peers each for ten minutes, while many others come and go', () => {
  const readers = fiveHundred()
  attack(readers, 50)
  const nat = { networkPrefix: 'attacker', address: 2_000_000 }
  const behindNat = Array.from({ length: 20 }, () => readers.join('post 0', nat))
  for (const reader of behindNat) if (readers.peersOf(reader) < 4) readers.want(reader)
  const random = lcg(3)
  for (let second = 0; second < 600; second++) {
    readers.now += 1000
    // A reader of another network leaves and a new one joins.
    readers.leave(`p${Math.floor(random() * 500)}`)
    readers.join('post 0', { networkPrefix: `new ${second}`, address: 10_000 + second })
    for (const reader of behindNat) {
      if (readers.peersOf(reader) < 4) readers.want(reader)
      assert.ok(readers.peersOf(reader) >= 4, `${readers.peersOf(reader)} peers after ${second} s`)
    }
  }
})

test('successive readers behind one NAT share the addresses that their network knows', () => {
  const readers = fiveHundred()
  const nat = { networkPrefix: 'nat', address: 2_000_000 }
  // One after the other, so that none meets another reader of its network.
  for (let i = 0; i < 30; i++) {
    const reader = readers.join('post 0', nat)
    for (let request = 0; request < 3; request++) readers.want(reader)
    assert.ok(readers.peersOf(reader) >= 4, `reader ${i} has ${readers.peersOf(reader)} peers`)
    readers.leave(reader)
  }
  assert.ok(readers.learnedBy('nat') <= 40)
})

test('introduces peers of its own network first, then at known addresses, then new ones', () => {
  const exchanges = new Exchanges({ now: () => 0 })
  const rooms = new Rooms({ random: () => 0.5, exchanges, introductions: 4 })
  const home = { networkPrefix: 'home', address: 1 }
  const join = (peer: PeerId, location: Location) =>
    (rooms.join('s', peer, { network: location.networkPrefix, location }) ?? []).flatMap(({ to, message }) =>
      to === peer && message.type === 'introduce' ? [message.peer] : [],
    )
  for (let i = 0; i < 50; i++) join(`far${i}`, { networkPrefix: `far ${i}`, address: 10 + i })
  for (const address of [12, 13]) exchanges.meet(home, { networkPrefix: `far ${address - 10}`, address })
  rooms.join('other', 'elsewhere', { network: 'home', location: home })
  exchanges.meet(home, { networkPrefix: 'gone', address: 5 })
  assert.deepEqual(join('first', home).slice(0, 2).toSorted(), ['far2', 'far3'])
  const known = exchanges.known(home).map((address) => `far${address - 10}`)
  const [neighbour, ...others] = join('second', home)
  assert.equal(neighbour, 'first')
  assert.equal(others.length, 3)
  for (const peer of others) assert.ok(known.includes(peer))
  const more = rooms
    .want('second', 12)
    .flatMap(({ to, message }) => (to === 'second' && message.type === 'introduce' ? [message.peer] : []))
  assert.ok(known.includes(more[0] ?? ''))
  assert.ok(more.length === 12 && !known.includes(more[1] ?? ''))
})

test('introduces seeds to a network beyond its bound, and does not count them', () => {
  const readers = fiveHundred()
  attack(readers, 100)
  const seeds = Array.from({ length: 5 }, (_, i) =>
    readers.join('post 0', { networkPrefix: 'cloud', address: 3_000_000 + i }, { isSeed: true }),
  )
  const reader = readers.join('post 0', { networkPrefix: 'attacker', address: 1_000_000 })
  for (let request = 0; request < 6; request++) readers.want(reader)
  for (const seed of seeds) assert.ok(readers.rooms.areIntroduced(reader, seed))
  // A seed meets all readers. If its introductions were counted, further readers would be excluded.
  for (let i = 0; i < 100; i++) {
    const late = readers.join('post 3', { networkPrefix: `late ${i}`, address: 5000 + i })
    assert.equal(readers.peersOf(late), Math.min(6, i))
    readers.leave(late)
    readers.join('post 3', { networkPrefix: 'cloud', address: 4_000_000 + i }, { isSeed: true })
  }
})

test('forgets an address an hour after it was last exchanged', () => {
  let now = 0
  const exchanges = new Exchanges({ now: () => now, maxAddresses: 1 })
  const [one, other, third] = ['one', 'other', 'third'].map((networkPrefix, address) => ({
    networkPrefix,
    address,
  }))
  assert.ok(one && other && third)
  exchanges.meet(one, other)
  now = 30 * minute
  exchanges.meet(one, other)
  now += hour
  assert.ok(!exchanges.mayMeet(one, third))
  assert.ok(exchanges.mayMeet(one, other))
  now += 1000
  assert.ok(exchanges.mayMeet(one, third))
  exchanges.prune()
  assert.equal(exchanges.size, 0)
})

test('remembers at most a million addresses, and forgets the networks with the oldest exchanges', () => {
  const exchanges = new Exchanges({ now: () => 0 })
  const network = (index: number) => ({ networkPrefix: `h${index}`, address: index })
  for (let i = 0; i < 500_000; i++) exchanges.meet(network(2 * i), network(2 * i + 1))
  assert.equal(exchanges.size, 1_000_000)
  exchanges.meet(network(0), network(3))
  assert.equal(exchanges.size, 1_000_000)
  assert.deepEqual(exchanges.known(network(0)), [1, 3])
  assert.deepEqual(exchanges.known(network(1)), [])
})
