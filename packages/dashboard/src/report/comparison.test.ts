import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparedRange } from './comparison.ts'
import { formatReportState, parseReportState, type ReportState } from './report-state.ts'

const now = Date.parse('2026-05-20T12:00:00Z')
const compared = (state: Partial<ReportState>, timeZone = 'UTC') => {
  const range = comparedRange({ range: 'week', compare: 'previous', ...state }, now, timeZone)
  return range && [range.from, range.to].map((text) => text.replace(':00.000Z', 'Z'))
}

test('a range that goes on is compared with as much of the one before as has passed', () => {
  assert.deepEqual(compared({}), ['2026-05-07T00:00Z', '2026-05-13T12:00Z'])
  assert.deepEqual(compared({ range: 'this-month' }), ['2026-04-11T00:00Z', '2026-04-30T12:00Z'])
  assert.deepEqual(compared({ range: 'day' }), ['2026-05-18T12:00Z', '2026-05-19T12:00Z'])
})

test('days that are over are compared with as many days', () => {
  const range = { from: '2026-05-01', to: '2026-05-07' }
  assert.deepEqual(compared({ range }), ['2026-04-24T00:00Z', '2026-05-01T00:00Z'])
  assert.deepEqual(compared({ range, compare: 'year' }), ['2025-05-01T00:00Z', '2025-05-08T00:00Z'])
  assert.deepEqual(compared({ range }, 'Asia/Kolkata'), ['2026-04-23T18:30Z', '2026-04-30T18:30Z'])
  const leap = { from: '2024-02-29', to: '2024-02-29' }
  assert.deepEqual(compared({ range: leap, compare: 'year' }), ['2023-02-28T00:00Z', '2023-03-01T00:00Z'])
})

test('chosen days are taken as they are, and nothing is nothing', () => {
  const compare = { from: '2026-03-01', to: '2026-03-02' }
  assert.deepEqual(compared({ compare }, 'Europe/Berlin'), ['2026-02-28T23:00Z', '2026-03-02T23:00Z'])
  assert.equal(compared({ compare: 'none' }), null)
})

test('the whole state of a report is the same after writing and parsing it', () => {
  const state: ReportState = {
    range: { from: '2026-05-01', to: '2026-05-07' },
    compare: { from: '2026-03-01', to: '2026-03-07' },
    filter: { country: 'FR', device: 'MOBILE', network: 'AS3215 Orange & Co', post: '12' },
  }
  assert.deepEqual(parseReportState(new URLSearchParams(formatReportState(state))), state)
})

test('filters and comparisons that cannot be are none', () => {
  const query = 'country=france&device=phone&arm=x&subdivision=1&post=../x&compare=2026-05-02..2026-05-01'
  assert.deepEqual(parseReportState(new URLSearchParams(query)), {
    range: 'day',
    compare: 'previous',
    filter: {},
  })
})
