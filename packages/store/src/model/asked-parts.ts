import { type Measure, measureNames } from './measures.ts'
import type { ReportQuery } from './report-query.ts'
import { figuresIn, type Section, sections } from './view-figures.ts'

/** Parts of `Metrics` beside the number of views: percentiles of a measure, or a section. */
export type MetricsPart = Measure | Section
export const metricsParts: readonly MetricsPart[] = [...measureNames, ...sections]

/** What a query is to be answered with. */
export interface AskedParts {
  readonly figures: readonly string[]
  readonly measures: readonly Measure[]
}

/** It becomes SQL, so it has known names only, whatever the types say. */
export function askedParts({ parts = metricsParts }: ReportQuery): AskedParts {
  return {
    figures: figuresIn(sections.filter((section) => parts.includes(section))),
    measures: measureNames.filter((measure) => parts.includes(measure)),
  }
}
