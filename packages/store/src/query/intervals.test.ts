import assert from 'node:assert/strict'
import { test } from 'node:test'
import { boundariesOf } from './intervals.ts'
import type { Interval } from '../model/report-query.ts'
import { StoreError } from '../store-error.ts'

const starts = (from: string, to: string, { interval, timeZone }: { interval: Interval; timeZone: string }) =>
  boundariesOf({ site: 's', from: new Date(from), to: new Date(to) }, interval, timeZone).map((at) =>
    new Date(at).toISOString().replace(':00.000Z', 'Z'),
  )

test('days follow the time zone, and are shorter or longer when its clocks change', () => {
  const amsterdam = { interval: 'DAY', timeZone: 'Europe/Amsterdam' } as const
  assert.deepEqual(starts('2026-03-28T12:00Z', '2026-03-30T12:00Z', amsterdam), [
    '2026-03-27T23:00Z',
    '2026-03-28T23:00Z',
    // 23 hours.
    '2026-03-29T22:00Z',
    '2026-03-30T22:00Z',
  ])
  assert.deepEqual(starts('2026-10-24T22:00Z', '2026-10-25T23:00Z', amsterdam), [
    '2026-10-24T22:00Z',
    // 25 hours.
    '2026-10-25T23:00Z',
  ])
})

test('a day without a midnight begins when its clocks do', () => {
  const beirut = { interval: 'DAY', timeZone: 'Asia/Beirut' } as const
  assert.deepEqual(starts('2026-03-28T12:00Z', '2026-03-29T12:00Z', beirut), [
    '2026-03-27T22:00Z',
    '2026-03-28T22:00Z',
    '2026-03-29T21:00Z',
  ])
})

test("hours begin at the time zone's full hours", () => {
  const kolkata = { interval: 'HOUR', timeZone: 'Asia/Kolkata' } as const
  assert.deepEqual(starts('2026-05-01T00:00Z', '2026-05-01T01:00Z', kolkata), [
    '2026-04-30T23:30Z',
    '2026-05-01T00:30Z',
    '2026-05-01T01:30Z',
  ])
})

test('weeks begin on Monday, months on their first', () => {
  const utc = { timeZone: 'UTC' }
  assert.deepEqual(starts('2026-04-29T00:00Z', '2026-05-05T00:00Z', { interval: 'WEEK', ...utc }), [
    '2026-04-27T00:00Z',
    '2026-05-04T00:00Z',
    '2026-05-11T00:00Z',
  ])
  assert.deepEqual(starts('2026-01-31T00:00Z', '2026-03-01T00:00Z', { interval: 'MONTH', ...utc }), [
    '2026-01-01T00:00Z',
    '2026-02-01T00:00Z',
    '2026-03-01T00:00Z',
  ])
})

test('an unknown time zone is refused', () => {
  assert.throws(
    () => starts('2026-01-01T00:00Z', '2026-01-02T00:00Z', { interval: 'DAY', timeZone: "Mars/'Olympus" }),
    (error) => error instanceof StoreError && error.code === 'bad-query',
  )
})
