import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RegionEvidence } from './evidence.ts'
import { reasonsOf } from './reasons.ts'

const quantile = (value: number, spread = 0.05, samples = 500) => ({
  p: 0.75,
  value,
  low: value * (1 - spread),
  high: value * (1 + spread),
  samples,
  enough: samples >= 30,
  error: 0,
})
const experience = { views: 500, lcp: quantile(1500), viewSuccess: 0.99, engagedMs: quantile(30_000) }
const search = { clicks: 10, impressions: 200, position: 5, days: 28 }

/** Evidence of a region where nothing differs, with the changes in `given`. */
function evidence(given: Partial<RegionEvidence> = {}): RegionEvidence {
  return {
    recent: experience,
    earlier: experience,
    elsewhere: { lcp: 1500, viewSuccess: 0.99 },
    search: { recent: search, earlier: { ...search, days: 168 } },
    ...given,
  }
}
const kinds = (given: Partial<RegionEvidence>) => reasonsOf(evidence(given)).map(({ kind }) => kind)
const searched = (changes: Partial<typeof search>) => ({
  search: { recent: { ...search, ...changes }, earlier: { ...search, days: 168 } },
})

test('where nothing differs there is no reason, and none without evidence', () => {
  assert.deepEqual(kinds({}), [])
  const none = { recent: null, earlier: null, elsewhere: { lcp: null, viewSuccess: null }, search: null }
  assert.deepEqual(reasonsOf(none), [])
})

test('fewer impressions are a reason, and so is a worse position', () => {
  assert.deepEqual(kinds(searched({ impressions: 120, clicks: 6 })), ['shown-less'])
  assert.deepEqual(kinds(searched({ position: 9.2 })), ['shown-less'])
  assert.deepEqual(kinds(searched({ position: 5.8 })), [])
  const [gone] = reasonsOf(evidence(searched({ impressions: 0, clicks: 0, position: null as never })))
  assert.equal(gone?.kind, 'shown-less')
  assert.ok(Number.isFinite(gone.strength))
})

test('a lower click-through rate is a reason when chance does not explain it', () => {
  const [reason] = reasonsOf(evidence(searched({ clicks: 5 })))
  assert.equal(reason?.kind, 'clicked-less')
  assert.match(reason.sentence, /2\.5\s% of impressions after 5\s%/)
  const few = { clicks: 0.2, impressions: 8, position: 5, days: 28 }
  const chance = { recent: { ...few, clicks: 0.14 }, earlier: { ...few, days: 168 } }
  assert.deepEqual(kinds({ search: chance }), [])
})

test('too few impressions are no evidence', () => {
  const few = { clicks: 0.1, impressions: 1, position: 5, days: 168 }
  assert.deepEqual(kinds({ search: { recent: { ...few, impressions: 0.1, days: 28 }, earlier: few } }), [])
})

test('slower pages are a reason when the whole interval is above elsewhere', () => {
  assert.deepEqual(kinds({ recent: { ...experience, lcp: quantile(2400) } }), ['slower'])
  assert.deepEqual(kinds({ recent: { ...experience, lcp: quantile(2400, 0.4) } }), [])
  assert.deepEqual(kinds({ recent: { ...experience, lcp: quantile(2400, 0.05, 20) } }), [])
})

test('failing views are a reason when they are more than elsewhere, and many', () => {
  assert.deepEqual(kinds({ recent: { ...experience, viewSuccess: 0.9 } }), ['less-reliable'])
  assert.deepEqual(kinds({ recent: { ...experience, viewSuccess: 0.9, views: 20 } }), [])
  assert.deepEqual(kinds({ recent: { ...experience, viewSuccess: 0.98 } }), [])
})

test('a shorter stay is a reason against the time before, not against elsewhere', () => {
  const recent = { ...experience, engagedMs: quantile(18_000) }
  assert.deepEqual(kinds({ recent }), ['read-less'])
  assert.deepEqual(kinds({ recent, earlier: null }), [])
  assert.deepEqual(kinds({ recent, earlier: recent }), [])
})

test('the reason that is farthest from what it is compared with is first', () => {
  const given = {
    recent: { ...experience, lcp: quantile(2000) },
    ...searched({ impressions: 60, clicks: 3 }),
  }
  assert.deepEqual(kinds(given), ['shown-less', 'slower'])
  assert.deepEqual(kinds({ ...given, recent: { ...experience, lcp: quantile(9000) } }), [
    'slower',
    'shown-less',
  ])
})
