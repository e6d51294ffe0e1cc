import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Exchanges } from './exchanges.ts'
import { lcg } from './lcg.testing.ts'
import { type Newcomer, Rooms } from './rooms.ts'

/** Makes a room of some members, and counts calls of its random source: one for each member that is examined. */
function roomOf(
  size: number,
  memberAt: (index: number) => Newcomer,
  { minPeersPerRoom = 2, maxAddresses = 40 } = {},
) {
  const draw = lcg(1)
  let steps = 0
  const random = () => {
    steps++
    return draw()
  }
  const exchanges = new Exchanges({ now: () => 0, maxAddresses })
  const rooms = new Rooms({ random, minPeersPerRoom, exchanges })
  for (let i = 0; i < size; i++) rooms.join('s', `p${i}`, memberAt(i))
  return {
    rooms,
    stepsOf: (action: () => unknown): number => {
      const before = steps
      action()
      return steps - before
    },
  }
}

const home = { network: 'home', country: 'AT' }
const kinds: Readonly<Record<string, (index: number) => Newcomer>> = {
  'readers from anywhere': (i) => ({ network: `n${i}`, country: `c${i % 200}` }),
  'readers of one network': () => home,
  'readers of one country': (i) => ({ network: `n${i}`, country: 'AT' }),
  'readers that would meet seeds only, and no seed': () => ({ ...home, seedsOnly: true }),
  'readers that would meet seeds only, and three seeds': (i) =>
    i < 3 ? { ...home, isSeed: true } : { ...home, seedsOnly: true },
  'readers, half of them with `seeds-only`': (i) => ({ ...home, seedsOnly: i % 2 === 0 }),
  'seeds and readers': (i) => ({ ...home, isSeed: i % 10 === 0 }),
}
const newcomers: Readonly<Record<string, Newcomer>> = {
  'a reader': home,
  'a reader from elsewhere': { network: 'away', country: 'US' },
  'a reader that would meet seeds only': { ...home, seedsOnly: true },
  'a seed': { ...home, isSeed: true },
}
const sizes = [1000, 2000, 4000]

for (const [members, memberAt] of Object.entries(kinds)) {
  test(`introduces in equally many steps in rooms of any size with ${members}`, () => {
    for (const size of sizes) {
      for (const [description, newcomer] of Object.entries(newcomers)) {
        const { rooms, stepsOf } = roomOf(size, memberAt)
        const joining = stepsOf(() => rooms.join('s', 'new', newcomer))
        assert.ok(joining <= 300, `${description} joins a room of ${size} in ${joining} steps`)
        for (let i = 0; i < 20; i++) {
          const wanting = stepsOf(() => rooms.want('new', 12))
          assert.ok(wanting <= 700, `${description} requests more in a room of ${size} in ${wanting} steps`)
        }
        assert.equal(
          stepsOf(() => rooms.leave('new')),
          0,
        )
      }
    }
  })
}

test('introduces in equally many steps if the networks have exchanged all addresses that they may', () => {
  const at = (networkPrefix: string, address: number) => ({
    network: networkPrefix,
    country: 'AT',
    location: { networkPrefix, address },
  })
  for (const size of sizes) {
    for (const maxAddresses of [0, 6, 40]) {
      const { rooms, stepsOf } = roomOf(size, (i) => at(`n${i % (size / 2)}`, i), { maxAddresses })
      for (const newcomer of [at('n1', size), at('new', size)]) {
        const joining = stepsOf(() => rooms.join('s', 'new', newcomer))
        assert.ok(joining <= 600, `joins a room of ${size} in ${joining} steps`)
        for (let i = 0; i < 20; i++) {
          const wanting = stepsOf(() => rooms.want('new', 12))
          assert.ok(wanting <= 700, `wants more of a room of ${size} in ${wanting} steps`)
        }
        rooms.leave('new')
      }
    }
  }
})

test('searches for members that a seed does not know in equally many steps, however many it knows', () => {
  for (const size of sizes) {
    // Members that may meet only seeds are introduced to this one.
    const { rooms, stepsOf } = roomOf(size, (i) => (i === 0 ? { isSeed: true } : { seedsOnly: true }))
    assert.ok(rooms.areIntroduced('p0', `p${size - 1}`))
    const steps = stepsOf(() => rooms.want('p0', 12))
    assert.ok(steps <= 700, `${steps} steps in a room of ${size}`)
  }
})

test('examines no reader while there are too few, however many seeds there are', () => {
  for (const size of sizes) {
    const { rooms, stepsOf } = roomOf(size, () => home, { minPeersPerRoom: 10_000 })
    assert.equal(
      stepsOf(() => rooms.join('s', 'new', home)),
      0,
    )
    assert.equal(
      stepsOf(() => rooms.want('new', 12)),
      0,
    )
  }
})

test('finds every member of a room of two hundred', () => {
  const { rooms } = roomOf(0, () => home)
  rooms.join('s', 'seed', { ...home, isSeed: true })
  for (let i = 0; i < 199; i++) rooms.join('s', `p${i}`, { ...home, seedsOnly: i < 150 })
  const known = () =>
    Array.from({ length: 199 }, (_, i) => rooms.areIntroduced('seed', `p${i}`)).filter(Boolean).length
  for (let i = 0; i < 5; i++) rooms.want('seed', 12)
  assert.equal(known(), 199)
})

test('searches at most once a second for a peer whose request was unsuccessful', () => {
  let [now, steps] = [0, 0]
  const random = lcg(1)
  const rooms = new Rooms({
    random: () => {
      steps++
      return random()
    },
    now: () => now,
    exchanges: new Exchanges({ now: () => now, maxAddresses: 1 }),
  })
  const at = (networkPrefix: string, address: number) => ({
    network: networkPrefix,
    location: { networkPrefix, address },
  })
  for (let i = 0; i < 100; i++) rooms.join('s', `p${i}`, at(`n${i}`, i))
  rooms.join('s', 'new', at('new', 100))
  const stepsOfWishes = () => {
    steps = 0
    for (let request = 0; request < 30; request++) assert.deepEqual(rooms.want('new', 12), [])
    return steps
  }
  const once = stepsOfWishes()
  assert.ok(once >= 100 && once <= 300, `${once} steps`)
  now = 999
  assert.equal(stepsOfWishes(), 0)
  now = 1000
  assert.ok(stepsOfWishes() > 0)
})
