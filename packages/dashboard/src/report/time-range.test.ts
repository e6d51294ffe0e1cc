import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayRange, formatTimeRange, isTimeRangeName, parseTimeRange, rangeVariables } from './time-range.ts'

const now = Date.parse('2026-05-20T13:37:42.500Z')
const variables = (range: Parameters<typeof rangeVariables>[0], timeZone = 'UTC') =>
  rangeVariables(range, now, timeZone)

test('a range of hours ends now and starts with a whole interval of the time zone', () => {
  assert.deepEqual(variables('hour').range, {
    from: '2026-05-20T12:38:00.000Z',
    to: '2026-05-20T13:37:42.500Z',
  })
  assert.equal(variables('day').range?.from, '2026-05-19T14:00:00.000Z')
  assert.equal(variables('day', 'America/New_York').range?.from, '2026-05-19T14:00:00.000Z')
  assert.equal(variables('day', 'Asia/Kolkata').range?.from, '2026-05-19T14:30:00.000Z')
  assert.equal(variables('day', 'Asia/Kathmandu').range?.from, '2026-05-19T14:15:00.000Z')
  assert.equal(variables('day', 'America/St_Johns').range?.from, '2026-05-19T14:30:00.000Z')
})

test('a range of days is a number of days of the site, or its fixed days', () => {
  const none = { range: null, days: null, lastDays: null }
  assert.deepEqual(variables('week'), { ...none, lastDays: 7, interval: 'HOUR' })
  assert.deepEqual(variables('month'), { ...none, lastDays: 30, interval: 'DAY' })
  const days = { first: '2026-05-01', last: '2026-05-08' }
  assert.deepEqual(variables({ from: '2026-05-01', to: '2026-05-08' }), { ...none, days, interval: 'HOUR' })
  assert.equal(variables({ from: '2026-05-01', to: '2026-05-09' }).interval, 'DAY')
})

test('a range of the calendar has the days of the site', () => {
  const daysIn = (range: Parameters<typeof rangeVariables>[0], at: string, timeZone: string) => {
    const { days } = rangeVariables(range, Date.parse(at), timeZone)
    return days && [days.first, days.last]
  }
  const newYear = '2026-12-31T20:00:00Z'
  assert.deepEqual(daysIn('this-month', newYear, 'UTC'), ['2026-12-01', '2026-12-31'])
  assert.deepEqual(daysIn('this-month', newYear, 'Asia/Tokyo'), ['2027-01-01', '2027-01-01'])
  assert.deepEqual(daysIn('last-month', newYear, 'Asia/Tokyo'), ['2026-12-01', '2026-12-31'])
  assert.deepEqual(daysIn('this-year', newYear, 'UTC'), ['2026-01-01', '2026-12-31'])
  assert.equal(variables('quarter').lastDays, 90)
})

test('a range is the same after writing and parsing it', () => {
  for (const range of ['hour', 'month', 'last-month', { from: '2026-02-28', to: '2026-03-01' }] as const)
    assert.deepEqual(parseTimeRange(new URLSearchParams(formatTimeRange(range))), range)
})

test('anything else is the last 24 hours', () => {
  for (const query of [
    '',
    'range=year',
    'range=constructor',
    'from=2026-05-01',
    'from=2026-02-30&to=2026-03-05',
  ])
    assert.equal(parseTimeRange(new URLSearchParams(query)), 'day', query)
  assert.deepEqual(['week', 'toString', '', null].map(isTimeRangeName), [true, false, false, false])
})

test('days that are not in order, do not exist or are too many are no range', () => {
  assert.deepEqual(dayRange('2026-05-01', '2026-05-01'), { from: '2026-05-01', to: '2026-05-01' })
  assert.notEqual(dayRange('2024-05-01', '2026-05-02'), null)
  assert.equal(dayRange('2024-05-01', '2026-05-03'), null)
  assert.equal(dayRange('2026-05-02', '2026-05-01'), null)
  assert.equal(dayRange('2026-02-29', '2026-03-01'), null)
  assert.equal(dayRange('1.5.2026', '2026-05-03'), null)
})
