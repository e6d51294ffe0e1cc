import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addWeeks, type SearchWeek } from '@peerpress/store'
import { visibilityOf } from './visibility.ts'
import { type WeekWindow, windowOf } from './week-window.ts'

const end = Date.UTC(2026, 2, 2)

/** Weekly visits by country; `week` is -1 for the last week. */
type Visits = (country: string, week: number) => number
const countries = ['DE', 'FR', 'IT', 'ES', 'PL'] as const

/** A repeating deviation around 1 that differs between countries. */
function wobble(country: string, week: number): number {
  const pattern = [1.04, 0.97, 1.02, 0.95, 1.06, 0.98, 0.99, 1.01, 0.96]
  return pattern[(week * 5 + 900 + country.charCodeAt(0) * 3) % pattern.length] ?? 1
}

function weeksOf(count: number, visits: Visits): SearchWeek[] {
  return Array.from({ length: count }, (_, i) => {
    const week = i - count
    return {
      start: new Date(addWeeks(end, week)),
      counts: countries.flatMap((country) => {
        const views = Math.round(visits(country, week) * wobble(country, week))
        return views === 0 ? [] : [{ country, subdivision: null, engine: 'Google', views, visits: views }]
      }),
    }
  })
}

function windowFrom(count: number, visits: Visits): WeekWindow {
  const outcome = windowOf(weeksOf(count, visits), end)
  assert.equal(outcome.state, 'known')
  return outcome.window
}

const of = (window: WeekWindow, country: string) => {
  const found = visibilityOf(window).find((region) => region.country === country)
  assert.ok(found)
  return found
}

test('a region whose visits and share fell by 30 % lags, and the others do not', () => {
  const window = windowFrom(28, (country, week) => (country === 'FR' && week >= -4 ? 700 : 1000))
  const [first, ...others] = visibilityOf(window)
  assert.equal(first?.country, 'FR')
  assert.equal(first.lags, true)
  assert.ok(first.visitsRatio !== null && Math.abs(first.visitsRatio - 0.7) < 0.03)
  assert.ok(first.test !== null && first.test.adjustedPValue < 0.001 && first.test.oddsRatio < 0.75)
  assert.deepEqual(
    others.map(({ lags }) => lags),
    [false, false, false, false],
  )
})

test('a region does not lag when all regions fall alike', () => {
  const window = windowFrom(28, (_, week) => (week >= -4 ? 600 : 1000))
  assert.deepEqual(
    visibilityOf(window).map(({ lags }) => lags),
    countries.map(() => false),
  )
})

test('a region does not lag when only its share fell, because others grew', () => {
  const window = windowFrom(28, (country, week) => (country !== 'FR' && week >= -4 ? 2000 : 1000))
  const found = of(window, 'FR')
  assert.ok(found.test && found.test.oddsRatio < 0.6)
  assert.equal(found.lags, false)
})

test('a region with fewer than 50 visits is not tested, and does not count among the tests', () => {
  const small = windowFrom(28, (country, week) => (country === 'FR' ? (week >= -4 ? 0 : 2) : 1000))
  const found = of(small, 'FR')
  assert.ok(found.samples < 50)
  assert.deepEqual([found.test, found.lags], [null, null])
  const enough = windowFrom(28, (country, week) => (country === 'FR' ? (week >= -4 ? 0 : 3) : 1000))
  assert.equal(of(enough, 'FR').lags, true)
})

test('with two years of data the change of the same weeks of the year before is subtracted', () => {
  const isSeason = (week: number) => (week >= -4 && week < 0) || (week >= -56 && week < -52)
  const seasonal: Visits = (country, week) => (country === 'FR' && isSeason(week) ? 700 : 1000)
  const known = windowFrom(104, seasonal)
  assert.notEqual(known.lastYear, null)
  const found = of(known, 'FR')
  assert.equal(found.lags, false)
  assert.ok(found.test && Math.abs(found.test.oddsRatio - 1) < 0.1)
  // The same fall lags while the season is unknown.
  const unknown = windowFrom(103, seasonal)
  assert.equal(unknown.lastYear, null)
  assert.equal(of(unknown, 'FR').lags, true)
})

test('visits without a known country count for the site only', () => {
  const weeks = weeksOf(28, () => 100).map(({ start, counts }) => ({
    start,
    counts: counts.map((count) => (count.country === 'PL' ? { ...count, country: null } : count)),
  }))
  const outcome = windowOf(weeks, end)
  assert.equal(outcome.state, 'known')
  const regions = visibilityOf(outcome.window)
  assert.deepEqual(regions.map(({ country }) => country).toSorted(), ['DE', 'ES', 'FR', 'IT'])
  const shares = regions.reduce((sum, { recent }) => sum + recent.share, 0)
  assert.ok(Math.abs(shares - 0.8) < 0.02)
})

test('a site with fewer than 21 weeks of data is not tested, and the number of its weeks is returned', () => {
  assert.deepEqual(
    windowOf(
      weeksOf(15, () => 100),
      end,
    ),
    { state: 'too-few-weeks', weeks: 15 },
  )
  assert.deepEqual(windowOf([], end), { state: 'too-few-weeks', weeks: 0 })
  assert.equal(
    windowOf(
      weeksOf(24, () => 100),
      end,
    ).state,
    'known',
  )
})

test('weeks in which nothing was measured are left out', () => {
  const broken: Visits = (_, week) => (week === -2 || week === -10 ? 0 : 1000)
  const window = windowFrom(28, broken)
  assert.deepEqual([window.recent.length, window.earlier.length], [3, 23])
  assert.deepEqual(
    visibilityOf(window).map(({ lags }) => lags),
    countries.map(() => false),
  )
  assert.equal(
    windowOf(
      weeksOf(28, (_, week) => (week >= -2 ? 0 : 1000)),
      end,
    ).state,
    'too-few-weeks',
  )
})
