import type { MainFiguresFragment } from '../../generated/graphql.ts'
import type { Measured } from '../../report/change.ts'
import type { MainFigure } from './main-figures.ts'

/** Returns a figure with its interval; null if it was not measured. */
export function measuredOf(figure: MainFigure, totals: MainFiguresFragment): Measured | null {
  const estimate = figure.estimateOf?.(totals) ?? null
  if (estimate !== null) return estimate
  const value = figure.valueOf(totals)
  return value === null ? null : { value }
}
