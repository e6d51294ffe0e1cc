import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statedDate } from './stated-date.ts'

const now = Date.parse('2026-05-01T12:00:00Z')
const read = (text: string) => statedDate(text, now)?.toISOString() ?? null

test('dates of feeds and sitemaps are read', () => {
  assert.equal(read('2026-04-30'), '2026-04-30T00:00:00.000Z')
  assert.equal(read(' 2026-04-30T10:00:00+02:00\n'), '2026-04-30T08:00:00.000Z')
  assert.equal(read('Thu, 30 Apr 2026 10:00:00 GMT'), '2026-04-30T10:00:00.000Z')
  assert.equal(read('Thu, 30 Apr 2026 10:00:00 EST'), '2026-04-30T15:00:00.000Z')
})

test('dates of 1970 and 2099 are unknown dates', () => {
  for (const text of ['1970-01-01', 'Thu, 01 Jan 1970 00:00:00 GMT', '2099-12-31', '0000-00-00']) {
    assert.equal(read(text), null, text)
  }
})

test('a clock may be a day ahead', () => {
  assert.equal(read('2026-05-02T11:59:59Z'), '2026-05-02T11:59:59.000Z')
  assert.equal(read('2026-05-02T12:00:01Z'), null)
})

test('other texts are unknown dates', () => {
  for (const text of ['', 'yesterday', '9'.repeat(100_000), ' '.repeat(100_000)])
    assert.equal(read(text), null)
  assert.equal(statedDate(undefined, now), null)
})
