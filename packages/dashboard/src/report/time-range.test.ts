import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTimeRangeName, rangeEndingAt } from './time-range.ts'

const now = Date.parse('2026-05-20T13:37:42.500Z')

test('a range ends now and starts with a whole interval', () => {
  assert.deepEqual(rangeEndingAt(now, 'hour'), {
    from: '2026-05-20T12:38:00.000Z',
    to: '2026-05-20T13:37:42.500Z',
  })
  assert.equal(rangeEndingAt(now, 'day').from, '2026-05-19T14:00:00.000Z')
  assert.equal(rangeEndingAt(now, 'week').from, '2026-05-13T14:00:00.000Z')
  assert.equal(rangeEndingAt(now, 'month').from, '2026-04-21T00:00:00.000Z')
})

test('only names of ranges are accepted', () => {
  assert.deepEqual(['week', 'toString', '', null].map(isTimeRangeName), [true, false, false, false])
})
