/** An interval of a chart. */
export interface ChartPoint {
  /** ms since the Unix epoch */
  readonly start: number
  /** The start of the next interval: days differ in length where clocks change. */
  readonly end: number
  /** A value for each line; null: not measured. */
  readonly values: readonly (number | null)[]
  /** The interval of the first line's value; null or absent: it has none. */
  readonly low?: number | null
  readonly high?: number | null
}

/** A line, or a band of a stack. */
export interface ChartLine {
  readonly key: string
  readonly label: string
  /** The custom property of its colour, such as `--source-peer`. */
  readonly colour: string
}

/** Values over time. */
export interface TimeChartData {
  /** `stack`: shares, each on top of the ones before. `line`: values from 0 up. */
  readonly kind: 'stack' | 'line'
  readonly lines: readonly ChartLine[]
  readonly points: readonly ChartPoint[]
}

/**
 * Returns the columns of a chart: times in seconds, then for each line its value, or the upper edge of its band, and last for
 * a chart of one line the low and high end of its interval. An interval is flat from start to end. One without values is a
 * gap, because a line between two measured intervals would suggest values between them.
 */
export function chartColumns({ kind, lines, points }: TimeChartData): (number | null)[][] {
  const hasBand = kind === 'line' && lines.length === 1
  const columns: (number | null)[][] = [[], ...lines.map(() => []), ...(hasBand ? [[], []] : [])]
  for (const point of points) {
    const { start, end, low = null, high = null } = point
    const edges = kind === 'stack' ? upperEdges(point.values) : point.values
    const cells = [...edges, ...(hasBand ? [low, high] : [])]
    // It ends 1 ms before the next start, because times must rise.
    const times = cells.every((cell) => cell === null) ? [start] : [start, end - 1]
    for (const time of times) {
      columns[0]!.push(time / 1000)
      for (const i of cells.keys()) columns[i + 1]!.push(cells[i] ?? null)
    }
  }
  return columns
}

/** Returns the upper edge of each band of shares, ratio 0-1; null without values. */
export function upperEdges(values: readonly (number | null)[]): readonly (number | null)[] {
  if (values.every((value) => value === null)) return values
  let edge = 0
  return values.map((value) => (edge = Math.min(1, edge + (value ?? 0))))
}

/** Returns the index of the interval at a time of the chart in seconds, or null. */
export function pointAt(points: readonly ChartPoint[], seconds: number): number | null {
  const at = points.findIndex(({ start, end }) => start <= seconds * 1000 && seconds * 1000 < end)
  return at === -1 ? null : at
}

/** Returns the upper end of the scale: 1 for shares, else what has room for every value and interval. */
export function scaleMax({ kind, points }: TimeChartData): number {
  if (kind === 'stack') return 1
  const values = points.flatMap(({ values: own, high }) => [...own, high ?? null])
  const max = Math.max(0, ...values.filter((value) => value !== null))
  return max === 0 ? 1 : niceAbove(max)
}

/** Returns the marks of the scale from 0 to its upper end. */
export function scaleMarks(max: number): number[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => part * max)
}

/** Returns the smallest of 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8 times a power of ten that is not below a value: a quarter of it is short. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8].find((each) => each * power >= value * 0.999_999)
  return (factor ?? 10) * power
}
