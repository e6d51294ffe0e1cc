import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoSummary } from './demo-summary.ts'
import type { Report, ReportMetrics } from '../client/report-query.ts'
import { reportTable } from './report-table.ts'

const measured: ReportMetrics = {
  views: 40,
  reliability: { assetSuccessRatio: 0.995, wrongBytes: 0, rejectedChunks: 3, droppedPeers: 1, fallbacks: 2 },
  speed: { lcp: { value: 1234.4, low: 1100, high: 1400, samples: 40, enough: true } },
  delivery: {
    peerHitRatio: 0.75,
    bytes: { peer: 7_500_000, seed: 0, mirror: 100_000, origin: 2_000_000, cache: 400_000 },
  },
  engagement: { engagedMs: { value: 30_000, low: 20_000, high: 40_000, samples: 40, enough: true } },
}
const unmeasured: ReportMetrics = {
  ...measured,
  views: 1,
  reliability: { ...measured.reliability, assetSuccessRatio: null },
  speed: { lcp: null },
  delivery: { ...measured.delivery, peerHitRatio: null },
  engagement: { engagedMs: null },
}
const report: Report = {
  totals: measured,
  countries: [
    { key: 'NL', metrics: measured },
    { key: null, metrics: unmeasured },
  ],
}

test('lines up every column', () => {
  const lines = reportTable(report)
    .split('\n')
    .filter((line) => /^(country|Netherlands|not known|all)/.test(line))
  assert.equal(lines.length, 4)
  assert.equal(new Set(lines.map((line) => line.length)).size, 1)
})

test('shows what was not measured as a dash and never as 0', () => {
  const line = reportTable(report)
    .split('\n')
    .find((text) => text.startsWith('not known')) as string
  assert.match(line, /not known +1 +– +– +–/)
})

test('says when an interval stands on few samples', () => {
  const few = { ...measured, speed: { lcp: { value: 9, low: 8, high: 10, samples: 3, enough: false } } }
  assert.match(reportTable({ totals: few, countries: [] }), /8–10 \(n=3: few\)/)
})

test('the summary counts the mirror as the origin’s and leaves unknown countries out', () => {
  const summary = demoSummary(report, 'http://127.0.0.1:4600')
  assert.deepEqual(summary.bytes, { peer: 7_500_000, seed: 0, origin: 2_100_000, cache: 400_000 })
  assert.deepEqual(summary.countries, ['NL'])
  assert.equal(summary.lcpP75, 1234.4)
})
