import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BenchRow, readBenchReport } from '../development/bench-report.ts'
import { benchTable } from './bench-table.ts'

const row: BenchRow = {
  metric: 'requests per second',
  ours: 8500,
  against: 'the floor',
  theirs: 10_000,
  ratio: 0.85,
  target: '≥ 0.85 ×',
  met: true,
  spread: { ours: [8000, 9000], theirs: [9900, 10_100] },
}
const alone: BenchRow = {
  metric: 'p99, ms',
  ours: 31.25,
  against: null,
  theirs: null,
  ratio: null,
  target: '< 30',
  met: false,
}

test('the table has medians with their spread, the ratio, and whether the target is met', () => {
  assert.equal(
    benchTable({ bench: 'ingest', rows: [row, alone] }),
    [
      'ingest                              ours                 theirs  ratio    target  met  against',
      '-------------------------------------------------------------------------------------',
      'requests per second  8,500 (8,000–9,000)  10,000 (9,900–10,100)   0.85  ≥ 0.85 ×  yes  the floor',
      'p99, ms                             31.3                      –      –      < 30   NO',
      '',
    ].join('\n'),
  )
})

test('a report is the last line that a bench prints', () => {
  const report = { bench: 'ingest', rows: [row] }
  assert.deepEqual(readBenchReport(`round 1\n${JSON.stringify(report)}\n`), report)
})

test('what a bench prints when it breaks off is no report', () => {
  for (const output of ['', 'Error: refused\n', 'null', '{"bench":"ingest"}'])
    assert.equal(readBenchReport(output), null)
})
