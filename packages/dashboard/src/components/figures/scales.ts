import { format } from '../../report/page-format.ts'

/** How the values of a percentile are formatted. */
export interface Scale {
  readonly value: (value: number) => string
  readonly range: (low: number, high: number) => string
}

export const milliseconds: Scale = { value: format.ms, range: format.msRange }
export const duration: Scale = { value: format.duration, range: format.durationRange }
export const shares: Scale = {
  value: format.ratio,
  range: (low, high) =>
    low === high ? format.percent(low) : `${format.percent(low)}–${format.percent(high)}`,
}
