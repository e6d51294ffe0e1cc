import { type ChartPoint, scaleMarks, scaleMax, type TimeChartData, upperEdges } from './time-chart.ts'

interface Drawing {
  readonly title: string
  /** The texts of the value axis and the time axis. */
  readonly formatValue: (value: number) => string
  readonly formatTime: (ms: number) => string
  /** Times of marks, ms. */
  readonly marks: readonly number[]
}

const width = 960
const height = 400
const plot = { left: 70, right: 936, top: 56, bottom: 320 }

/** Draws a chart as an SVG file of 960 × 400 CSS pixels. Colours are `var(--name)`. */
export function timeChartSvg(data: TimeChartData, drawing: Drawing): string {
  const { lines, points } = data
  const max = scaleMax(data)
  const from = points[0]?.start ?? 0
  const to = points.at(-1)?.end ?? from + 1
  const x = (ms: number) => plot.left + ((ms - from) / (to - from)) * (plot.right - plot.left)
  const y = (value: number) => plot.bottom - (value / max) * (plot.bottom - plot.top)
  const body = [
    `<rect width="${width}" height="${height}" fill="var(--surface)"/>`,
    text(plot.left, 32, drawing.title, 'font-size="18" font-weight="600"'),
    ...scaleMarks(max).map(
      (mark) =>
        `<path d="M${plot.left} ${round(y(mark))}H${plot.right}" stroke="var(--line)"/>` +
        text(plot.left - 8, y(mark) + 4, drawing.formatValue(mark), 'text-anchor="end" font-size="12"'),
    ),
    ...timeMarks(from, to).map((ms) =>
      text(x(ms), plot.bottom + 20, drawing.formatTime(ms), 'text-anchor="middle" font-size="12"'),
    ),
    ...(data.kind === 'stack' ? stackPaths(data, x, y) : linePaths(data, x, y)),
    ...drawing.marks.map(
      (ms) =>
        `<path d="M${round(x(ms))} ${plot.top}V${plot.bottom}" stroke="var(--text)" stroke-dasharray="3 3"/>`,
    ),
    ...lines.map(
      ({ label, colour }, i) =>
        `<rect x="${plot.left + i * 170}" y="${height - 34}" width="12" height="12" rx="3" fill="var(${colour})"/>` +
        text(plot.left + 18 + i * 170, height - 24, label, 'font-size="12"'),
    ),
  ]
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="system-ui, sans-serif">${body.join('')}</svg>`
  )
}

export const timeChartSize = { width, height } as const

type Scale = (value: number) => number

function stackPaths({ lines, points }: TimeChartData, x: Scale, y: Scale): string[] {
  return lines.map(({ colour }, i) => {
    const boxes = points.map(({ start, end, values }) => {
      const edges = upperEdges(values)
      const high = edges[i] ?? null
      const low = i === 0 ? 0 : (edges[i - 1] ?? 0)
      return high === null || high === low ? '' : box(x(start), y(high), x(end), y(low))
    })
    return `<path d="${boxes.join('')}" fill="var(${colour})"/>`
  })
}

function linePaths({ lines, points }: TimeChartData, x: Scale, y: Scale): string[] {
  const bands = points.map(({ start, end, low, high }: ChartPoint) =>
    low == null || high == null ? '' : box(x(start), y(high), x(end), y(low)),
  )
  const colour = lines[0]?.colour ?? '--accent'
  return [
    `<path d="${bands.join('')}" fill="var(${colour})" fill-opacity="0.2"/>`,
    ...lines.map((line, i) => {
      let isOpen = false
      const steps = points.map(({ start, end, values }) => {
        const value = values[i] ?? null
        const move = isOpen ? 'L' : 'M'
        isOpen = value !== null
        return value === null ? '' : `${move}${round(x(start))} ${round(y(value))}H${round(x(end))}`
      })
      return `<path d="${steps.join('')}" fill="none" stroke="var(${line.colour})" stroke-width="2"/>`
    }),
  ]
}

function box(left: number, top: number, right: number, bottom: number): string {
  return `M${round(left)} ${round(top)}H${round(right)}V${round(bottom)}H${round(left)}Z`
}

function timeMarks(from: number, to: number): number[] {
  return [0.05, 0.275, 0.5, 0.725, 0.95].map((part) => from + part * (to - from))
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="var(--text)" ${attributes}>${escape(content)}</text>`
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
