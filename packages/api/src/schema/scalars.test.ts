import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDateTime } from './scalars.ts'

test('a time is parsed with its offset and fraction', () => {
  assert.equal(parseDateTime('2026-05-01T12:00:00Z').toISOString(), '2026-05-01T12:00:00.000Z')
  assert.equal(parseDateTime('2024-02-29T23:30:00.250+02:00').toISOString(), '2024-02-29T21:30:00.250Z')
})

test('a text that is no time of an existing day is refused', () => {
  const bad = ['', 'now', '2026-05-01', '2026-05-01T12:00:00', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z']
  for (const value of [
    ...bad,
    '2026-05-01T25:00:00Z',
    '2026-05-01 12:00:00Z',
    1_777_636_800_000,
    null,
    {},
    undefined,
  ]) {
    assert.throws(() => parseDateTime(value), { code: 'BAD_USER_INPUT' }, JSON.stringify(value))
  }
})
