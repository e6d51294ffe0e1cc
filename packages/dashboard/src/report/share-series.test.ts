import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shareChart } from './share-series.ts'
import { chartColumns, pointAt, scaleMax } from './time-chart.ts'
import { timeChartSvg } from './time-chart-svg.ts'

const none = { peer: 0, seed: 0, mirror: 0, origin: 0, cache: 0 }
const point = (start: string, bytes: Partial<typeof none>) => ({
  start,
  metrics: { delivery: { bytes: { ...none, ...bytes } } },
})
const at = Date.parse('2026-05-01T00:00:00Z')
const hour = 3_600_000

test('shares are stacked, flat over their interval, and an interval without bytes is a gap', () => {
  const series = [
    point('2026-05-01T00:00:00Z', { peer: 50, seed: 25, origin: 25 }),
    point('2026-05-01T01:00:00Z', {}),
    point('2026-05-01T02:00:00Z', { cache: 1 }),
  ]
  const chart = shareChart(series, { to: at + 3 * hour, now: at + 3 * hour })
  assert.deepEqual(chartColumns(chart), [
    [at, at + hour - 1, at + hour, at + 2 * hour, at + 3 * hour - 1].map((ms) => ms / 1000),
    [0.5, 0.5, null, 0, 0],
    [0.75, 0.75, null, 0, 0],
    [0.75, 0.75, null, 0, 0],
    [1, 1, null, 0, 0],
    [1, 1, null, 1, 1],
  ])
  assert.equal(pointAt(chart.points, (at + hour - 1) / 1000), 0)
  assert.equal(pointAt(chart.points, (at + 3 * hour) / 1000), null)
})

test('intervals that have not begun are left out', () => {
  const series = [point('2026-05-01T00:00:00Z', {}), point('2026-05-01T01:00:00Z', {})]
  const { points } = shareChart(series, { to: at + 2 * hour, now: at + 5 })
  assert.deepEqual(
    points.map(({ start, end }) => [start, end]),
    [[at, at + hour]],
  )
})

test('a line has its interval, and room above', () => {
  const points = [{ start: 0, end: 1000, values: [2100], low: 1900, high: 2300 }]
  const data = { kind: 'line', lines: [{ key: 'lcp', label: 'LCP', colour: '--accent' }], points } as const
  assert.deepEqual(chartColumns(data), [
    [0, 0.999],
    [2100, 2100],
    [1900, 1900],
    [2300, 2300],
  ])
  assert.equal(scaleMax(data), 2400)
})

test('a file of a chart has no markup of a title', () => {
  const data = { kind: 'line', lines: [], points: [] } as const
  const svg = timeChartSvg(data, { title: '<script>&', formatValue: String, formatTime: String, marks: [] })
  assert.match(svg, /&lt;script&gt;&amp;/)
  assert.doesNotMatch(svg, /<script|NaN/)
})
