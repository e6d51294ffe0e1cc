import type { BenchReport, BenchRow } from '../development/bench-report.ts'
import { textTable } from './text-table.ts'

/** A bench's rows for a terminal. A dash means that there is nothing to compare with, or no target. */
export function benchTable({ bench, rows }: BenchReport): string {
  const header = [bench, 'ours', 'theirs', 'ratio', 'target', 'met']
  const [head = '', ...lines] = textTable([header, ...rows.map(cells)])
  const against = rows.map((row) => (row.against === null ? '' : `  ${row.against}`))
  const text = [`${head}  against`, '-'.repeat(head.length), ...lines.map((line, i) => line + against[i])]
  return `${text.join('\n')}\n`
}

function cells({ metric, ours, theirs, ratio, target, met, spread }: BenchRow): string[] {
  return [
    metric,
    figure(ours, spread?.ours),
    theirs === null ? '–' : figure(theirs, spread?.theirs),
    ratio === null ? '–' : ratio.toFixed(2),
    target ?? '–',
    met === null ? '–' : met ? 'yes' : 'NO',
  ]
}

function figure(value: number, spread?: readonly [number, number]): string {
  return spread === undefined ? short(value) : `${short(value)} (${short(spread[0])}–${short(spread[1])})`
}

/** Formats a number with about three significant digits. */
function short(value: number): string {
  const maximumFractionDigits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toLocaleString('en', { maximumFractionDigits })
}
