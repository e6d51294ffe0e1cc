import type { ComponentChildren } from 'preact'
import { useId, useMemo } from 'preact/hooks'
import { messages } from '../../messages/messages.ts'
import { formatAxisMark, formatInterval } from '../../report/interval-text.ts'
import { localTime } from '../../report/local-time.ts'
import type { ChartPoint, TimeChartData } from '../../report/time-chart.ts'
import { timeChartSize, timeChartSvg } from '../../report/time-chart-svg.ts'
import type { ChartInterval } from '../../report/time-range.ts'
import { SaveCsv } from '../tables/save-csv.tsx'
import { SaveChart } from './save-chart.tsx'
import { TimePlot } from './time-plot.tsx'
import { useCursor, useDebounced } from './use-cursor.ts'

interface TimeChartProps {
  readonly title: string
  /** Says what is drawn. */
  readonly hint: string
  /** The caption of the table. */
  readonly tableCaption: string
  readonly data: TimeChartData
  readonly interval: ChartInterval
  /** The site's. */
  readonly timeZone: string
  readonly format: (value: number) => string
  /** The texts of the value axis. @default `format` */
  readonly formatMark?: (value: number) => string
  /** A note in a cell of the table, such as the bytes of a share. @default none */
  readonly noteOf?: (point: number, line: number) => string | null
  /** Times of what happened, ms. */
  readonly marks: readonly number[]
  /** What belongs to the chart: the list of what happened. */
  readonly children?: ComponentChildren
}

/** A chart of values over time: as a plot with a cursor, as a table, and as files. */
export function TimeChart(props: TimeChartProps) {
  const { title, hint, data, interval, timeZone, format, formatMark = format, marks, children } = props
  const id = useId()
  const { lines, points } = data
  const cursor = useCursor(points.length)
  const point = cursor.at === null ? undefined : points[cursor.at]
  const { charts } = messages
  const readout =
    point === undefined ? '' : charts.at(formatInterval(point, interval, timeZone), textOf(props, point))
  const announced = useDebounced(readout)
  const draw = () => ({
    ...timeChartSize,
    svg: timeChartSvg(data, {
      title,
      formatValue: formatMark,
      formatTime: (ms) => formatAxisMark(ms, { stepMs: interval === 'DAY' ? 86_400_000 : 60_000, timeZone }),
      marks,
    }),
  })
  return (
    <section class="panel chart" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        <SaveChart title={title} draw={draw} />
      </div>
      <p class="chart-readout" aria-hidden="true">
        {readout === '' ? hint : readout}
      </p>
      <div
        class="chart-cursor"
        role="application"
        tabIndex={0}
        aria-roledescription={charts.roledescription}
        aria-label={`${title}. ${charts.keys}`}
        onKeyDown={cursor.onKeyDown}
        onBlur={() => cursor.set(null)}
      >
        <TimePlot
          data={data}
          timeZone={timeZone}
          formatValue={formatMark}
          at={cursor.at}
          onPoint={cursor.set}
          marks={marks}
        />
      </div>
      <p class="visually-hidden" role="status">
        {announced}
      </p>
      {lines.length > 1 && (
        <ul class="legend chart-legend" aria-hidden="true">
          {lines.map(({ key, label }) => (
            <li key={key}>
              <span class={`swatch source-${key}`} />
              {label}
            </li>
          ))}
        </ul>
      )}
      <ChartTable {...props} />
      {children}
    </section>
  )
}

function textOf({ data, format }: TimeChartProps, { values, low, high }: ChartPoint): string {
  const { charts } = messages
  if (values.every((value) => value === null)) return charts.none
  const parts = data.lines.flatMap(({ label }, i) => {
    const value = values[i]
    return value == null || (data.kind === 'stack' && value === 0) ? [] : [charts.value(label, format(value))]
  })
  const range = low == null || high == null ? '' : ` (${format(low)}–${format(high)})`
  return parts.join(', ') + range
}

function ChartTable({ data, interval, timeZone, format, noteOf, tableCaption }: TimeChartProps) {
  const id = useId()
  const { charts } = messages
  const { lines } = data
  const rows = useMemo(
    () =>
      data.points
        .map((point, index) => ({ point, index }))
        .filter(({ point }) => point.values.some((value) => value !== null)),
    [data],
  )
  const csv = () => ({
    header: [charts.start(timeZone), charts.end(timeZone), ...lines.map(({ label }) => label)],
    rows: rows.map(({ point: { start, end, values } }) => [
      localTime(start, timeZone),
      localTime(end, timeZone),
      ...values,
    ]),
  })
  return (
    <details>
      <summary>{charts.table}</summary>
      <SaveCsv caption={tableCaption} csv={csv} />
      <div class="table-scroll" role="region" aria-labelledby={id} tabIndex={0}>
        <table>
          <caption id={id}>
            <span>{tableCaption}</span>
          </caption>
          <thead>
            <tr>
              <th scope="col">{charts.interval}</th>
              {lines.map(({ key, label }) => (
                <th key={key} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ point, index }) => (
              <tr key={point.start}>
                <th scope="row">{formatInterval(point, interval, timeZone)}</th>
                {lines.map(({ key }, i) => (
                  <td key={key}>
                    {point.values[i] == null ? charts.none : format(point.values[i])}
                    {noteOf && <span class="cell-note">{noteOf(index, i)}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
