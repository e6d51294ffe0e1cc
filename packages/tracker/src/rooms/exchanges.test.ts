import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '@peerpress/wire'
import { Exchanges, type Location } from './exchanges.ts'
import { lcg } from './lcg.testing.ts'
import { type Delivery, type Newcomer, Rooms } from './rooms.ts'

const minute = 60_000
const hour = 60 * minute

/** A swarm's readers, their locations, and what each network learned of the others. */
class Crowd {
  now = 0
  readonly exchanges = new Exchanges({ now: () => this.now })
  readonly rooms = new Rooms({ random: lcg(1), exchanges: this.exchanges })
  readonly #locations = new Map<PeerId, Location>()
  /** Addresses of other networks' readers that each network was shown. */
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

  /** Peers that are there and were introduced to this one. */
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

/** 500 readers of two posts, each at an address of a network of its own. */
function crowdOf500(): Crowd {
  const crowd = new Crowd()
  for (let i = 0; i < 500; i++) crowd.join(`post ${i % 2}`, { networkPrefix: `home ${i}`, address: i })
  return crowd
}

/** Joins under a new key each time, from `addresses` addresses of one network, in both swarms, and wants more. */
function attack(crowd: Crowd, joins: number, addresses = 1): void {
  for (let i = 0; i < joins; i++) {
    const peer = crowd.join(`post ${i % 2}`, {
      networkPrefix: 'attacker',
      address: 1_000_000 + (i % addresses),
    })
    for (let wish = 0; wish < 6; wish++) crowd.want(peer)
    if (i % 3 !== 0) crowd.leave(peer)
  }
}

test('one network learns 40 of 500 addresses within an hour, under any number of keys, tickets and posts', () => {
  const crowd = crowdOf500()
  attack(crowd, 300)
  assert.equal(crowd.learnedBy('attacker'), 40)
  crowd.now = hour - 1
  attack(crowd, 100)
  assert.equal(crowd.learnedBy('attacker'), 40)
})

test('a network that is introduced by others joining learns no more than by joining', () => {
  const crowd = new Crowd()
  for (let i = 0; i < 50; i++) crowd.join('post 0', { networkPrefix: 'attacker', address: 1_000_000 + i })
  for (let i = 0; i < 500; i++) {
    const peer = crowd.join('post 0', { networkPrefix: `home ${i}`, address: i })
    crowd.want(peer)
  }
  assert.equal(crowd.learnedBy('attacker'), 40)
})

test('no network learns more than 40 addresses in any hour, whatever joins, wants and leaves', () => {
  const crowd = new Crowd()
  const random = lcg(7)
  const peers: PeerId[] = []
  for (let round = 0; round < 3000; round++) {
    const address = Math.floor(random() * 600)
    const networkPrefix = `network ${address % 12}`
    peers.push(crowd.join(`post ${address % 3}`, { networkPrefix, address }))
    const some = peers[Math.floor(random() * peers.length)] ?? ''
    if (random() < 0.5) crowd.want(some)
    else crowd.leave(some)
  }
  for (const [networkPrefix, { size }] of crowd.learned)
    assert.ok(size <= 40, `${networkPrefix} learned ${size}`)
  assert.equal(crowd.learned.size, 12)
})

test('a network of many addresses is shown to another one as much as it is shown of the other one', () => {
  const crowd = new Crowd()
  for (let i = 0; i < 200; i++) {
    const peer = crowd.join('post 0', { networkPrefix: i % 2 === 0 ? 'one' : 'other', address: i })
    for (let wish = 0; wish < 6; wish++) crowd.want(peer)
  }
  assert.ok(crowd.learnedBy('one') <= 40 && crowd.learnedBy('other') <= 40)
  assert.ok(crowd.learnedBy('one') > 20 && crowd.learnedBy('other') > 20)
})

test('an attacker of many addresses uses up the allowance of 40 readers at most, not that of all', () => {
  const crowd = crowdOf500()
  attack(crowd, 2000, 2000)
  const met = (networkPrefix: string) =>
    [...(crowd.learned.get(networkPrefix) ?? [])].filter((address) => address >= 1_000_000)
  const victims = Array.from({ length: 500 }, (_, i) => `home ${i}`).filter(
    (networkPrefix) => met(networkPrefix).length > 0,
  )
  assert.ok(victims.length <= 40, `${victims.length} readers met the attacker`)
})

test('20 readers behind one NAT have at least 4 peers each for ten minutes, in a crowd that comes and goes', () => {
  const crowd = crowdOf500()
  attack(crowd, 50)
  const nat = { networkPrefix: 'attacker', address: 2_000_000 }
  const readers = Array.from({ length: 20 }, () => crowd.join('post 0', nat))
  for (const reader of readers) if (crowd.peersOf(reader) < 4) crowd.want(reader)
  const random = lcg(3)
  for (let second = 0; second < 600; second++) {
    crowd.now += 1000
    // A reader elsewhere leaves and another comes.
    crowd.leave(`p${Math.floor(random() * 500)}`)
    crowd.join('post 0', { networkPrefix: `new ${second}`, address: 10_000 + second })
    for (const reader of readers) {
      if (crowd.peersOf(reader) < 4) crowd.want(reader)
      assert.ok(crowd.peersOf(reader) >= 4, `${crowd.peersOf(reader)} peers after ${second} s`)
    }
  }
})

test('readers behind one NAT alone with a crowd elsewhere share the addresses that their network knows', () => {
  const crowd = crowdOf500()
  const nat = { networkPrefix: 'nat', address: 2_000_000 }
  // One after the other, so that none has a neighbour.
  for (let i = 0; i < 30; i++) {
    const reader = crowd.join('post 0', nat)
    for (let wish = 0; wish < 3; wish++) crowd.want(reader)
    assert.ok(crowd.peersOf(reader) >= 4, `reader ${i} has ${crowd.peersOf(reader)} peers`)
    crowd.leave(reader)
  }
  assert.ok(crowd.learnedBy('nat') <= 40)
})

test('introduces its own network first, then addresses that it knows, then new ones', () => {
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

test('introduces seeds to a network beyond its bound, and counts none of them', () => {
  const crowd = crowdOf500()
  attack(crowd, 100)
  const seeds = Array.from({ length: 5 }, (_, i) =>
    crowd.join('post 0', { networkPrefix: 'cloud', address: 3_000_000 + i }, { isSeed: true }),
  )
  const reader = crowd.join('post 0', { networkPrefix: 'attacker', address: 1_000_000 })
  for (let wish = 0; wish < 6; wish++) crowd.want(reader)
  for (const seed of seeds) assert.ok(crowd.rooms.areIntroduced(reader, seed))
  // A seed meets as many readers as there are: what is counted of it would keep readers out.
  for (let i = 0; i < 100; i++) {
    const late = crowd.join('post 3', { networkPrefix: `late ${i}`, address: 5000 + i })
    assert.equal(crowd.peersOf(late), Math.min(6, i))
    crowd.leave(late)
    crowd.join('post 3', { networkPrefix: 'cloud', address: 4_000_000 + i }, { isSeed: true })
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

test('remembers a million addresses at most, and forgets the networks that were silent for longest', () => {
  const exchanges = new Exchanges({ now: () => 0 })
  const network = (index: number) => ({ networkPrefix: `h${index}`, address: index })
  for (let i = 0; i < 500_000; i++) exchanges.meet(network(2 * i), network(2 * i + 1))
  assert.equal(exchanges.size, 1_000_000)
  exchanges.meet(network(0), network(3))
  assert.equal(exchanges.size, 1_000_000)
  assert.deepEqual(exchanges.known(network(0)), [1, 3])
  assert.deepEqual(exchanges.known(network(1)), [])
})
