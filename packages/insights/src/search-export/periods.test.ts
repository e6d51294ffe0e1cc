import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areComparable, dayCount, requireComparable } from './periods.ts'

const recent = { firstDay: '2026-02-02', lastDay: '2026-03-01' }
const earlier = { firstDay: '2025-08-18', lastDay: '2026-02-01' }

test('the last 28 days and the 168 days before can be compared', () => {
  assert.deepEqual([dayCount(recent), dayCount(earlier)], [28, 168])
  requireComparable(recent, earlier)
  assert.equal(areComparable(recent, earlier), true)
})

test('exports that overlap, are apart, or are of other lengths are refused with the days to export', () => {
  for (const other of [
    { firstDay: '2025-08-18', lastDay: '2026-02-02' },
    { firstDay: '2025-08-18', lastDay: '2026-01-20' },
    { firstDay: '2026-01-01', lastDay: '2026-02-01' },
    { firstDay: '2024-02-01', lastDay: '2026-02-01' },
    recent,
  ]) {
    assert.throws(() => requireComparable(recent, other), {
      code: 'bad-period',
      message: /export the 168 days before the recent one, 2025-08-18 to 2026-02-01/,
    })
  }
  assert.throws(() => requireComparable(earlier, recent), { code: 'bad-period', message: /last 28 days/ })
})
