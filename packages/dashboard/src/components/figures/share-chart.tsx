import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import type { ChartInterval } from '../../report/time-range.ts'
import { formatAxisMark } from '../../report/interval-text.ts'
import { pointAt, type SharePoint, stackShares } from '../../report/share-series.ts'
import { sources } from '../../report/sources.ts'
import { intervalMs } from '../../report/time-range.ts'

interface ShareChartProps {
  readonly points: readonly SharePoint[]
  readonly interval: ChartInterval
  /** The interval under the pointer; null: none. */
  readonly onPoint: (point: SharePoint | null) => void
}

/** The stacked chart. For a screen reader it is an image: the table beside it has the figures. */
export function ShareChart({ points, interval, onPoint }: ShareChartProps) {
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = box.current!
    let plot: uPlot | undefined
    const draw = () => {
      plot?.destroy()
      plot = new uPlot(
        chartOptions({ points, interval, onPoint, element }),
        chartData(points, interval),
        element,
      )
    }
    // Colours come from the style sheet, which a canvas does not follow.
    const theme = matchMedia('(prefers-color-scheme: dark)')
    theme.addEventListener('change', draw)
    const resized = new ResizeObserver(() =>
      plot?.setSize({ width: element.clientWidth, height: chartHeight }),
    )
    draw()
    resized.observe(element)
    return () => {
      theme.removeEventListener('change', draw)
      resized.disconnect()
      plot?.destroy()
      onPoint(null)
    }
  }, [points, interval, onPoint])

  return (
    <div
      class="share-chart"
      ref={box}
      role="img"
      aria-label="Chart of the shares; the table below has its figures."
    />
  )
}

const chartHeight = 240

/** Returns the chart's columns, highest edge first: each band is drawn over the one above it, down to the axis. */
function chartData(points: readonly SharePoint[], interval: ChartInterval): uPlot.AlignedData {
  const [times, ...edges] = stackShares(points, intervalMs[interval])
  return [times, ...edges.toReversed()] as uPlot.AlignedData
}

function chartOptions({
  points,
  interval,
  onPoint,
  element,
}: ShareChartProps & { readonly element: HTMLElement }): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const step = intervalMs[interval]
  const axis: uPlot.Axis = {
    stroke: colour('--text-quiet'),
    font: `12px ${style.fontFamily}`,
    grid: { show: false },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: chartHeight,
    ms: 1e-3,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    ...(interval === 'DAY' && {
      tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    }),
    scales: {
      x: {
        time: true,
        range: () => [(points[0]?.start ?? 0) / 1000, ((points.at(-1)?.start ?? 0) + step) / 1000],
      },
      y: { range: [0, 1] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        space: 64,
        values: (_plot, marks, _axis, _space, increment) =>
          marks.map((mark) => formatAxisMark(mark * 1000, interval, increment * 1000)),
      },
      {
        ...axis,
        size: 52,
        splits: [0, 0.25, 0.5, 0.75, 1],
        values: (_plot, marks) => marks.map((mark) => `${mark * 100}%`),
      },
    ],
    series: [
      {},
      ...sources
        .toReversed()
        .map(({ key }) => ({ fill: colour(`--source-${key}`), width: 0, points: { show: false } })),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { left } = plot.cursor
          onPoint(left == null || left < 0 ? null : pointAt(points, step, plot.posToVal(left, 'x')))
        },
      ],
    },
  }
}
