import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, dayOf, localTime, startOfDay } from './local-time.ts'

test('a time has the offset of its zone', () => {
  const at = Date.parse('2026-10-25T00:30:00Z')
  assert.equal(localTime(at, 'UTC'), '2026-10-25T00:30:00+00:00')
  assert.equal(localTime(at, 'Europe/Berlin'), '2026-10-25T02:30:00+02:00')
  assert.equal(localTime(at, 'America/New_York'), '2026-10-24T20:30:00-04:00')
  assert.equal(localTime(at, 'Asia/Kolkata'), '2026-10-25T06:00:00+05:30')
  assert.equal(dayOf(at, 'America/New_York'), '2026-10-24')
})

test('a day begins at the midnight of its zone, also where clocks change that day', () => {
  const start = (day: string, zone: string) => new Date(startOfDay(day, zone)).toISOString()
  assert.equal(start('2026-03-08', 'America/New_York'), '2026-03-08T05:00:00.000Z')
  assert.equal(start('2026-03-09', 'America/New_York'), '2026-03-09T04:00:00.000Z')
  assert.equal(start('2026-11-01', 'America/New_York'), '2026-11-01T04:00:00.000Z')
  assert.equal(start('2026-11-02', 'America/New_York'), '2026-11-02T05:00:00.000Z')
  assert.equal(start('2026-05-01', 'Asia/Kolkata'), '2026-04-30T18:30:00.000Z')
  assert.equal(start('2026-05-01', 'Pacific/Kiritimati'), '2026-04-30T10:00:00.000Z')
})

test('days are added over the ends of months and years', () => {
  assert.deepEqual([addDays('2026-12-31', 1), addDays('2024-03-01', -1)], ['2027-01-01', '2024-02-29'])
})
