import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerId } from '@peerpress/wire'
import { lcg } from './lcg.testing.ts'
import { type Delivery, Rooms } from './rooms.ts'

const offer = { kind: 'offer', sdp: 'v=0' } as const
const firstAlways = () => 0
const introducedTo = (deliveries: readonly Delivery[] | null, peer: PeerId) =>
  (deliveries ?? []).flatMap(({ to, message }) =>
    to === peer && message.type === 'introduce' ? [message.peer] : [],
  )

/** Makes rooms with these peers in swarm `s`. */
function roomsOf(
  peers: readonly PeerId[],
  options: { readonly introductions?: number; readonly minPeersPerRoom?: number } = {},
): Rooms {
  const rooms = new Rooms({ random: firstAlways, ...options })
  for (const peer of peers) rooms.join('s', peer)
  return rooms
}

test('introduces a newcomer to everybody in a small room: the newcomer offers, the others answer', () => {
  const rooms = roomsOf(['a', 'b'])
  assert.deepEqual(
    new Set(rooms.join('s', 'c')),
    new Set([
      { to: 'c', message: { type: 'introduce', peer: 'a', role: 'offer' } },
      { to: 'a', message: { type: 'introduce', peer: 'c', role: 'answer' } },
      { to: 'c', message: { type: 'introduce', peer: 'b', role: 'offer' } },
      { to: 'b', message: { type: 'introduce', peer: 'c', role: 'answer' } },
    ]),
  )
})

test('introduces the first peer to nobody, and nobody across swarms', () => {
  const rooms = new Rooms({ random: firstAlways })
  assert.deepEqual(rooms.join('s', 'a'), [])
  assert.deepEqual(rooms.join('other', 'b'), [])
  assert.equal(rooms.signal('a', 'b', offer), null)
})

test('introduces a newcomer to six of many, chosen by the random source', () => {
  const peers = Array.from({ length: 50 }, (_, i) => `p${i}`)
  const rooms = roomsOf(peers)
  const chosen = introducedTo(rooms.join('s', 'new'), 'new')
  assert.equal(new Set(chosen).size, 6)
  const others = new Rooms({ random: () => 0.5 })
  for (const peer of peers) others.join('s', peer)
  assert.notDeepEqual(introducedTo(others.join('s', 'new'), 'new').toSorted(), chosen.toSorted())
})

test('introduces a peer to more members on request, never to the same one twice', () => {
  const rooms = roomsOf(['a', 'b', 'c', 'd', 'e'], { introductions: 2 })
  const known = introducedTo(rooms.join('s', 'new'), 'new')
  known.push(...introducedTo(rooms.want('new', 2), 'new'))
  assert.equal(known.length, 4)
  known.push(...introducedTo(rooms.want('new', 12), 'new'))
  assert.deepEqual(known.toSorted(), ['a', 'b', 'c', 'd', 'e'])
  assert.deepEqual(rooms.want('new', 12), [])
})

test('lets no peer list a whole room by requests', () => {
  const rooms = roomsOf(Array.from({ length: 200 }, (_, i) => `p${i}`))
  let known = introducedTo(rooms.join('s', 'spy'), 'spy').length
  for (let i = 0; i < 50; i++) known += introducedTo(rooms.want('spy', 12), 'spy').length
  assert.equal(known, 60)
})

test('relays signals between two introduced peers in both directions', () => {
  const rooms = roomsOf(['a', 'b'])
  assert.deepEqual(rooms.signal('b', 'a', offer), {
    to: 'a',
    message: { type: 'signal', from: 'b', signal: offer },
  })
  assert.deepEqual(rooms.signal('a', 'b', offer), {
    to: 'b',
    message: { type: 'signal', from: 'a', signal: offer },
  })
})

test('drops a signal between two peers of one room that were not introduced', () => {
  const rooms = roomsOf(['a', 'b', 'c'], { introductions: 1 })
  // c was introduced to only one of them.
  const pairs = [rooms.signal('c', 'a', offer), rooms.signal('c', 'b', offer)]
  assert.equal(pairs.filter((delivery) => delivery === null).length, 1)
})

test('drops a signal to the sender itself, to an unknown peer and from one', () => {
  const rooms = roomsOf(['a', 'b'])
  assert.equal(rooms.signal('a', 'a', offer), null)
  assert.equal(rooms.signal('a', 'x', offer), null)
  assert.equal(rooms.signal('x', 'a', offer), null)
  assert.deepEqual(rooms.want('x', 3), [])
})

test('informs the introduced peers once when a peer leaves', () => {
  const rooms = roomsOf(['a', 'b', 'c'], { introductions: 1 })
  rooms.join('other', 'z')
  const known = ['a', 'b', 'c'].filter((peer) => rooms.signal('b', peer, offer) !== null)
  assert.deepEqual(
    rooms
      .leave('b')
      .map(({ to }) => to)
      .toSorted(),
    known,
  )
  assert.deepEqual(rooms.leave('b'), [])
  for (const peer of known) assert.equal(rooms.signal(peer, 'b', offer), null)
})

test('introduces nobody to a peer that left', () => {
  const rooms = roomsOf(['a', 'b', 'c', 'd'])
  rooms.leave('a')
  rooms.leave('c')
  assert.deepEqual(introducedTo(rooms.join('s', 'new'), 'new').toSorted(), ['b', 'd'])
})

test('refuses peers when a room is full, until one leaves', () => {
  const rooms = new Rooms({ random: firstAlways, maxPeersPerRoom: 2 })
  rooms.join('s', 'a')
  rooms.join('s', 'b')
  assert.equal(rooms.join('s', 'c'), null)
  assert.notEqual(rooms.join('other', 'd'), null)
  rooms.leave('a')
  assert.deepEqual(introducedTo(rooms.join('s', 'c'), 'c'), ['b'])
})

test('throws if a peer joins twice', () => {
  assert.throws(() => roomsOf(['a']).join('other', 'a'))
})

test('introduces no readers to each other below the minimum number', () => {
  const rooms = roomsOf(['a', 'b', 'c'], { minPeersPerRoom: 5 })
  assert.deepEqual(rooms.want('a', 12), [])
  assert.deepEqual(rooms.join('s', 'd'), [])
  assert.equal(rooms.signal('a', 'b', offer), null)
})

test('introduces waiting readers as soon as the minimum is reached', () => {
  const rooms = roomsOf(['a', 'b', 'c', 'd'], { minPeersPerRoom: 5, introductions: 2 })
  const deliveries = rooms.join('s', 'e')
  for (const peer of ['a', 'b', 'c', 'd', 'e'])
    assert.ok(introducedTo(deliveries, peer).length > 0, `${peer} is introduced`)
})

test('introduces no further readers when the number falls below the minimum', () => {
  const rooms = roomsOf(['a', 'b', 'c'], { minPeersPerRoom: 3, introductions: 1 })
  rooms.leave('c')
  assert.deepEqual(rooms.want('a', 12), [])
  assert.ok((rooms.join('s', 'd') ?? []).length > 0)
})

test('does not count seeds for the minimum, and introduces a seed at once', () => {
  const rooms = roomsOf([], { minPeersPerRoom: 3 })
  rooms.join('s', 'seed', { isSeed: true })
  assert.deepEqual(introducedTo(rooms.join('s', 'a'), 'a'), ['seed'])
  assert.deepEqual(introducedTo(rooms.join('s', 'b'), 'b'), ['seed'])
  const deliveries = rooms.join('s', 'c')
  assert.deepEqual(introducedTo(deliveries, 'c').toSorted(), ['a', 'b', 'seed'])
  assert.deepEqual(introducedTo(deliveries, 'a'), ['c'])
})

test('introduces to peers of the same network first, then of the same country, then to anybody', () => {
  const rooms = new Rooms({ random: () => 0.5, introductions: 3 })
  for (let i = 0; i < 50; i++) rooms.join('s', `far${i}`, { network: `n${i}`, country: 'US' })
  rooms.join('s', 'compatriot', { network: 'other', country: 'AT' })
  rooms.join('s', 'neighbour', { network: 'home', country: 'AT' })
  const known = introducedTo(rooms.join('s', 'new', { network: 'home', country: 'AT' }), 'new')
  assert.deepEqual(known.slice(0, 2), ['neighbour', 'compatriot'])
  assert.match(known[2] ?? '', /^far/)
})

test('draws one introduction in five from all, so that countries are not islands', () => {
  const rooms = new Rooms({ random: lcg(1), introductions: 6 })
  let far = 0
  let all = 0
  for (let i = 0; i < 400; i++) {
    const country = i % 2 === 0 ? 'AT' : 'US'
    const known = introducedTo(rooms.join('s', `${country}${i}`, { country }), `${country}${i}`)
    if (i < 100) continue
    all += known.length
    far += known.filter((peer) => !peer.startsWith(country)).length
  }
  // One in five is drawn from all members, of which half are in the other country.
  assert.ok(Math.abs(far / all - 0.1) < 0.03, `${far} of ${all}`)
})

test('forgets where a peer was when it leaves', () => {
  const rooms = new Rooms({ random: () => 0.5, introductions: 1 })
  for (const peer of ['a', 'b', 'c']) rooms.join('s', peer, { network: 'home' })
  rooms.leave('a')
  rooms.leave('c')
  rooms.join('s', 'far', { network: 'away' })
  assert.deepEqual(introducedTo(rooms.join('s', 'new', { network: 'home' }), 'new'), ['b'])
})

test('introduces a reader with `seedsOnly` only to seeds, and counts only those', () => {
  const rooms = roomsOf(['a', 'b', 'c'])
  rooms.join('s', 'seed', { isSeed: true })
  assert.deepEqual(introducedTo(rooms.join('s', 'shy', { seedsOnly: true }), 'shy'), ['seed'])
  assert.equal(rooms.size('shy'), 2)
  assert.equal(rooms.size('a'), 5)
  assert.deepEqual(rooms.want('shy', 12), [])
  assert.deepEqual(introducedTo(rooms.want('a', 12), 'a').includes('shy'), false)
  assert.equal(rooms.signal('a', 'shy', offer), null)
})
