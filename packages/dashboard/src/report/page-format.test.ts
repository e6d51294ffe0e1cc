import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTime, shownTimeZone } from './page-format.ts'

test('a time is formatted in the time zone of a site', () => {
  const at = Date.parse('2026-10-25T00:30:00Z')
  const clock = (timeZone: string) => formatTime(at, { hour: '2-digit', minute: '2-digit', timeZone })
  // Clocks in Berlin go back from 3 to 2 half an hour later.
  assert.deepEqual(
    [clock('UTC'), clock('Europe/Berlin'), clock('Asia/Kathmandu')],
    ['00:30', '02:30', '06:15'],
  )
})

test('a time zone that is not known here is shown in UTC', () => {
  assert.deepEqual(['Europe/Berlin', 'Mars/Olympus', ''].map(shownTimeZone), ['Europe/Berlin', 'UTC', 'UTC'])
})
