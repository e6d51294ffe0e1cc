/** A measured figure of a bench and the figure that it is compared with. */
export interface BenchRow {
  /** The measured quantity with its unit: `rum.js, gzip bytes`. */
  readonly metric: string
  readonly ours: number
  /** The rival or the floor, by name; null when the figure stands alone. */
  readonly against: string | null
  readonly theirs: number | null
  /** ours ÷ theirs */
  readonly ratio: number | null
  /** For people: `≥ 0.85 ×`, `≤ 2,048`; null when none is set. */
  readonly target: string | null
  readonly met: boolean | null
  /** Lowest and highest of the rounds that `ours` and `theirs` are medians of, or the interval that `metric` names. */
  readonly spread?: { readonly ours: readonly [number, number]; readonly theirs?: readonly [number, number] }
}

/** The result of a bench: the last line that it prints, as JSON. */
export interface BenchReport {
  readonly bench: string
  readonly rows: readonly BenchRow[]
}

/** Reads the output of a bench; null when its last line is no report. */
export function readBenchReport(output: string): BenchReport | null {
  const last = output.trimEnd().split('\n').at(-1) ?? ''
  try {
    const report = JSON.parse(last) as Partial<BenchReport> | null
    return typeof report?.bench === 'string' && Array.isArray(report.rows) ? (report as BenchReport) : null
  } catch {
    return null
  }
}
