import {
  type MetricPath,
  type Metrics,
  metricsByPath,
  type Quantile,
  type Ratings,
  type Reports,
} from '@peerpress/store'
import { nameOfMetric } from '../types/enums.ts'
import type { ReportRequest } from './report-parameters.ts'

/** A value of a report's file; null: not measured, or unknown. */
export type Cell = string | number | null

/** A report as a table. The first column, `row`, says what a row is: `total`, a `row`, or the `remainder` of all others. */
export interface ReportFile {
  readonly from: Date
  readonly to: Date
  readonly timeZone: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/**
 * Returns the report that a URL requests.
 * @throws {StoreError}
 */
export async function reportFile(
  reports: Pick<Reports, 'totals' | 'rows'>,
  request: ReportRequest,
): Promise<ReportFile> {
  const { query, metrics, by } = request
  const columns = metrics.flatMap((path) => columnsOf(path).map(({ name }) => name))
  return {
    from: query.from,
    to: query.to,
    timeZone: query.timeZone,
    columns: ['row', ...by, ...columns],
    rows: await rowsOf(reports, request),
  }
}

async function rowsOf(reports: Pick<Reports, 'totals' | 'rows'>, request: ReportRequest): Promise<Cell[][]> {
  const { query, metrics, by, first, order } = request
  const cells = (of: Metrics) => metrics.flatMap((path) => columnsOf(path).map(({ value }) => value(of)))
  const selected = { ...query, metrics }
  if (by.length === 0) return [['total', ...cells(await reports.totals(selected))]]
  const { rows, remainder } = await reports.rows(selected, { by, first, order })
  return [
    ...rows.map(({ keys, metrics: of }) => ['row', ...keys, ...cells(of)]),
    ['remainder', ...by.map(() => null), ...cells(remainder)],
  ]
}

interface Column {
  readonly name: string
  readonly value: (metrics: Metrics) => Cell
}

/** Returns the columns of a metric: a percentile has its interval and samples beside it. */
function columnsOf(path: MetricPath): Column[] {
  const name = nameOfMetric(path).toLowerCase()
  const valueIn = (metrics: Metrics) =>
    path
      .split('.')
      .reduce<unknown>((inner, part) => (inner as Readonly<Record<string, unknown>>)[part], metrics)
  const part = (suffix: string, of: (value: never) => Cell): Column => ({
    name: `${name}${suffix}`,
    value: (metrics) => {
      const value = valueIn(metrics)
      return value === null ? null : of(value as never)
    },
  })
  switch (metricsByPath.get(path)?.kind) {
    case 'percentile':
      return [
        part('', ({ value }: Quantile) => value),
        part('_low', ({ low }: Quantile) => low),
        part('_high', ({ high }: Quantile) => high),
        part('_samples', ({ samples }: Quantile) => samples),
      ]
    case 'ratings':
      return [
        part('_good', ({ good }: Ratings) => good),
        part('_needs_improvement', ({ needsImprovement }: Ratings) => needsImprovement),
        part('_poor', ({ poor }: Ratings) => poor),
      ]
    default:
      return [part('', (value: string | number) => value)]
  }
}

/** A cell that begins so may be run as a formula by a spreadsheet (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\n]/

/** Returns a report as CSV (RFC 4180). A text that a spreadsheet could run as a formula begins with an apostrophe. */
export function csvOf({ columns, rows }: Pick<ReportFile, 'columns' | 'rows'>): string {
  return [columns, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const inert = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** Returns a report as JSON: each row as an object, whose texts are as they were measured. */
export function jsonOf({ columns, rows, ...report }: ReportFile): object {
  return {
    ...report,
    rows: rows.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? null]))),
  }
}
