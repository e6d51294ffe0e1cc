import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { formatAxisMark } from '../../report/interval-text.ts'
import { chartColumns, pointAt, scaleMarks, scaleMax, type TimeChartData } from '../../report/time-chart.ts'

interface TimePlotProps {
  readonly data: TimeChartData
  /** The site's. */
  readonly timeZone: string
  readonly formatValue: (value: number) => string
  /** Index of the interval that is marked; null: none. */
  readonly at: number | null
  /** The interval under the pointer; null: none. */
  readonly onPoint: (at: number | null) => void
  /** Times of what happened, ms. */
  readonly marks: readonly number[]
}

const chartHeight = 240

/** The plot alone. For a screen reader, the frame around it says the values. */
export function TimePlot(props: TimePlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const { data, timeZone, marks, at } = props
  const latest = useRef(props)
  latest.current = props

  useEffect(() => {
    const element = box.current!
    const draw = () => {
      plot.current?.destroy()
      const onPoint = (index: number | null) => latest.current.onPoint(index)
      plot.current = new uPlot(plotOptions({ ...latest.current, onPoint, element }), plotData(data), element)
    }
    // Colours come from the style sheet, which a canvas does not follow.
    const theme = matchMedia('(prefers-color-scheme: dark)')
    theme.addEventListener('change', draw)
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: chartHeight }),
    )
    draw()
    resized.observe(element)
    return () => {
      theme.removeEventListener('change', draw)
      resized.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [data, timeZone, marks])

  useEffect(() => {
    const point = at === null ? undefined : data.points[at]
    if (plot.current === null || plot.current.cursor.event != null) return
    const left = point === undefined ? -10 : plot.current.valToPos((point.start + point.end) / 2000, 'x')
    plot.current.setCursor({ left, top: left < 0 ? -10 : chartHeight / 2 }, false)
  }, [at, data])

  return <div class="time-plot" ref={box} />
}

/** Returns the columns, the highest edge of a stack first: each band is drawn over the one above it, down to the axis. */
function plotData(data: TimeChartData): uPlot.AlignedData {
  const [times, ...columns] = chartColumns(data)
  return [times, ...(data.kind === 'stack' ? columns.toReversed() : columns)] as uPlot.AlignedData
}

function plotOptions({
  data,
  timeZone,
  formatValue,
  marks,
  onPoint,
  element,
}: TimePlotProps & { readonly element: HTMLElement }): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis: uPlot.Axis = {
    stroke: colour('--text-quiet'),
    font: `12px ${style.fontFamily}`,
    grid: { show: false },
    ticks: { show: false },
  }
  const { points } = data
  const max = scaleMax(data)
  return {
    width: element.clientWidth,
    height: chartHeight,
    ms: 1e-3,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), timeZone),
    scales: {
      x: { time: true, range: () => [(points[0]?.start ?? 0) / 1000, (points.at(-1)?.end ?? 0) / 1000] },
      y: { range: [0, max] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        space: 64,
        values: (_plot, times, _axis, _space, increment) =>
          times.map((time) => formatAxisMark(time * 1000, { stepMs: increment * 1000, timeZone })),
      },
      {
        ...axis,
        size: 64,
        grid: { show: true, stroke: colour('--line'), width: 1 },
        splits: scaleMarks(max),
        values: (_plot, values) => values.map(formatValue),
      },
    ],
    series: [{}, ...seriesOf(data, colour)],
    ...(data.kind === 'line' &&
      data.lines.length === 1 && {
        bands: [{ series: [3, 2], fill: `${colour(data.lines[0]!.colour)}33` }],
      }),
    hooks: {
      setCursor: [
        (plot) => {
          // The keyboard moves the cursor without an event.
          if (plot.cursor.event == null) return
          const { left } = plot.cursor
          onPoint(left == null || left < 0 ? null : pointAt(points, plot.posToVal(left, 'x')))
        },
      ],
      draw: [(plot) => drawMarks(plot, marks, colour('--text'))],
    },
  }
}

function seriesOf({ kind, lines }: TimeChartData, colour: (name: string) => string): uPlot.Series[] {
  const hidden = { points: { show: false } }
  if (kind === 'stack') {
    return lines.toReversed().map((line) => ({ ...hidden, fill: colour(line.colour), width: 0 }))
  }
  const drawn = lines.map((line) => ({ ...hidden, stroke: colour(line.colour), width: 2 }))
  const ends = { ...hidden, width: 0, stroke: 'transparent' }
  return lines.length === 1 ? [...drawn, ends, ends] : drawn
}

/** Draws a dashed line at each time that something happened. */
function drawMarks(plot: uPlot, marks: readonly number[], colour: string): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = colour
  ctx.fillStyle = colour
  ctx.lineWidth = devicePixelRatio
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark / 1000, 'x', true)) + 0.5
    if (x < bbox.left || x > bbox.left + bbox.width) continue
    ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.beginPath()
    ctx.arc(x, bbox.top + 3 * devicePixelRatio, 3 * devicePixelRatio, 0, 2 * Math.PI)
    ctx.fill()
  }
  ctx.restore()
}
