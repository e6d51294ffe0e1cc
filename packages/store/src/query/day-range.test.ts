import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../store-error.ts'
import { boundariesOf } from './intervals.ts'
import { daysUntil, rangeOfDays } from './day-range.ts'

const hours = ({ from, to }: { from: Date; to: Date }) => (to.getTime() - from.getTime()) / 3_600_000
const oneDay = (first: string, timeZone: string) => rangeOfDays({ first, last: first, timeZone })

test('days are days of the time zone, and the last one is in the range', () => {
  const range = rangeOfDays({ first: '2026-05-01', last: '2026-05-07', timeZone: 'Asia/Kolkata' })
  assert.equal(range.from.toISOString(), '2026-04-30T18:30:00.000Z')
  assert.equal(range.to.toISOString(), '2026-05-07T18:30:00.000Z')
})

test('a day on which clocks change has 23 or 25 hours', () => {
  assert.equal(hours(oneDay('2026-03-29', 'Europe/Berlin')), 23)
  assert.equal(hours(oneDay('2026-10-25', 'Europe/Berlin')), 25)
  assert.equal(hours(oneDay('2026-10-24', 'Europe/Berlin')), 24)
  // Half an hour, on Lord Howe Island.
  assert.equal(hours(oneDay('2026-04-05', 'Australia/Lord_Howe')), 24.5)
})

test('a day without a midnight begins at its first moment', () => {
  // In Chile, clocks went from 0 to 1 o'clock.
  const { from } = oneDay('2022-09-11', 'America/Santiago')
  assert.equal(from.toISOString(), '2022-09-11T04:00:00.000Z')
  assert.equal(hours(oneDay('2022-09-11', 'America/Santiago')), 23)
})

test('the days of a range are the intervals of its series', () => {
  const range = rangeOfDays({ first: '2026-10-20', last: '2026-10-30', timeZone: 'Europe/Berlin' })
  const boundaries = boundariesOf({ site: 'a', ...range }, 'DAY', 'Europe/Berlin')
  assert.equal(boundaries.length, 12)
  assert.deepEqual([boundaries[0], boundaries.at(-1)], [range.from.getTime(), range.to.getTime()])
})

test('the last days end with the day that a moment has in the time zone', () => {
  const now = new Date('2026-03-30T22:30:00Z')
  const days = (timeZone: string) => daysUntil(now, 30, timeZone)
  assert.deepEqual(days('Europe/Berlin'), {
    first: '2026-03-02',
    last: '2026-03-31',
    timeZone: 'Europe/Berlin',
  })
  assert.deepEqual(days('UTC'), { first: '2026-03-01', last: '2026-03-30', timeZone: 'UTC' })
  assert.equal(daysUntil(now, 1, 'Pacific/Kiritimati').first, '2026-03-31')
  for (const count of [0, -1, 1.5, Number.NaN]) assert.throws(() => daysUntil(now, count, 'UTC'), StoreError)
})

for (const [days, why] of [
  [{ first: '2026-05-02', last: '2026-05-01', timeZone: 'UTC' }, /2026-05-01 is before 2026-05-02/],
  [{ first: '2026-02-30', last: '2026-03-01', timeZone: 'UTC' }, /not a day/],
  [{ first: '2026-5-1', last: '2026-05-01', timeZone: 'UTC' }, /not a day/],
  [{ first: '2026-05-01T00:00:00Z', last: '2026-05-01', timeZone: 'UTC' }, /not a day/],
  [{ first: '2026-05-01', last: '2026-05-01', timeZone: 'Europe/Atlantis' }, /no time zone/],
] as const) {
  test(`${JSON.stringify(days)} is refused`, () => {
    assert.throws(
      () => rangeOfDays(days),
      (error) => error instanceof StoreError && error.code === 'bad-query' && why.test(error.message),
    )
  })
}
