import type { ComponentChildren } from 'preact'
import { NotMeasured } from './not-measured.tsx'

interface FigureProps {
  readonly label: string
  /** null: not measured. */
  readonly value: string | null
  /** `uncertain`: too few samples. `bad`: something is wrong. */
  readonly tone?: 'uncertain' | 'bad' | undefined
  /** Text under the value: interval, sample size, composition. */
  readonly children?: ComponentChildren
  /** Its course, a decoration. */
  readonly trend?: ComponentChildren
}

/** One figure of the totals, inside a `dl`. */
export function Figure({ label, value, tone, children, trend }: FigureProps) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd class={`figure-value ${tone ?? ''}`}>{value ?? <NotMeasured />}</dd>
      {children !== undefined && <dd class="figure-note">{children}</dd>}
      {trend !== undefined && <dd class="figure-trend">{trend}</dd>}
    </div>
  )
}
