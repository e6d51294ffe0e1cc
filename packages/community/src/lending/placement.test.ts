import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copiesPerRegion, place, type PlacementInput } from './placement.ts'

const seeds = (count: number, country: string, maxBytes = 1000) =>
  Array.from({ length: count }, (_, i) => ({ seed: `${country}${i}`, country, maxBytes }))
const posts = (site: string, count: number, bytes = 10) =>
  Array.from({ length: count }, (_, i) => ({ site, post: String(i), bytes }))

function input(changes: Partial<PlacementInput> & Pick<PlacementInput, 'offers' | 'posts'>): PlacementInput {
  const sites = [...new Set(changes.posts.map(({ site }) => site))]
  const grants = sites.flatMap((site) => changes.offers.map(({ seed }) => ({ site, seed, maxBytes: 1000 })))
  return { grants, credits: new Map(), lagging: new Map(), ...changes }
}

/** Posts by seed, as `site/post`. */
function placed(given: PlacementInput): Map<string, string[]> {
  return new Map(
    Array.from(place(given), ([seed, held]) => [seed, held.map(({ site, post }) => `${site}/${post}`)]),
  )
}

test('each region has two copies of a post', () => {
  const given = input({ offers: [...seeds(4, 'BR'), ...seeds(4, 'JP')], posts: posts('a', 5) })
  for (const country of ['BR', 'JP']) {
    for (const { post } of given.posts) {
      const holders = [...placed(given)].filter(
        ([seed, held]) => seed.startsWith(country) && held.includes(`a/${post}`),
      )
      assert.equal(holders.length, copiesPerRegion)
    }
  }
})

test('a further seed takes posts over, and moves none between the others', () => {
  const before = placed(input({ offers: seeds(6, 'BR'), posts: posts('a', 40) }))
  const after = placed(input({ offers: seeds(7, 'BR'), posts: posts('a', 40) }))
  for (const [seed, held] of before) {
    for (const post of after.get(seed) ?? []) assert.ok(held.includes(post), `${post} moved to ${seed}`)
  }
  assert.ok((after.get('BR6') ?? []).length > 0)
})

test('credit decides who is first when space is short, and excludes nobody', () => {
  const offers = seeds(1, 'BR', 30)
  const given = { offers, posts: [...posts('poor', 3), ...posts('rich', 3)] }
  const credits = new Map([['rich', 1_000_000]])
  assert.deepEqual(placed(input({ ...given, credits })).get('BR0'), ['rich/0', 'poor/0', 'rich/1'])
  const other = new Map([['poor', 1]])
  assert.deepEqual(placed(input({ ...given, credits: other })).get('BR0'), ['poor/0', 'rich/0', 'poor/1'])
})

test('regions in which a site lags are served before others use up the grant', () => {
  const offers = [...seeds(1, 'BR'), ...seeds(1, 'JP')]
  const lagging = new Map([['a', ['JP']]])
  const found = [...place(input({ offers, posts: posts('a', 1), lagging })).keys()]
  assert.deepEqual(found, ['JP0', 'BR0'])
})

test('no seed stores more than it offers, or more of a site than that granted', () => {
  const offers = seeds(3, 'BR', 50)
  const grants = offers.map(({ seed }) => ({ site: 'a', seed, maxBytes: 20 }))
  const placement = place(input({ offers, posts: posts('a', 20, 7), grants }))
  for (const held of placement.values()) assert.ok(held.reduce((sum, { bytes }) => sum + bytes, 0) <= 20)
  assert.equal(place(input({ offers, posts: posts('b', 1), grants })).size, 0)
})
