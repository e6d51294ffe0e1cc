import { type Comparison, formatComparison, parseComparison } from './comparison.ts'
import { type Filter, filterKeys, parseFilter } from './report-filter.ts'
import { formatTimeRange, parseTimeRange, type TimeRange } from './time-range.ts'

/** What a report is about. All of it is in the page's address. */
export interface ReportState {
  readonly range: TimeRange
  readonly compare: Comparison
  readonly filter: Filter
}

export function parseReportState(query: URLSearchParams): ReportState {
  return {
    range: parseTimeRange(query),
    compare: parseComparison(query.get('compare')),
    filter: parseFilter(query),
  }
}

/** Returns the query that {@link parseReportState} parses, the same for the same state. */
export function formatReportState({ range, compare, filter }: ReportState): string {
  const query = new URLSearchParams(formatTimeRange(range))
  const compared = formatComparison(compare)
  if (compared !== null) query.set('compare', compared)
  for (const key of filterKeys) {
    const value = filter[key]
    if (value !== undefined) query.set(key, value)
  }
  return String(query)
}
