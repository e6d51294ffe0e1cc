import type { TypedDocumentString } from '../generated/graphql.ts'
import type { SiteSummary } from '../pages/site-page.ts'
import { usePolledGraph } from '../session/use-graph.ts'
import type { Polled } from '../session/use-polled.ts'
import { comparedRange, type Instants } from './comparison.ts'
import type { Filter } from './report-filter.ts'
import type { ReportState } from './report-state.ts'
import { type RangeVariables, rangeVariables, rangeVariablesAt, type TimeRange } from './time-range.ts'

/** A report's result, and what it is about: while a new one loads, the old one stays. */
export interface ReportResult<Data> {
  readonly data: Data
  readonly range: TimeRange
  readonly interval: RangeVariables['interval']
  /** The time at which its range was taken, ms. */
  readonly now: number
}

/** The variables of a report that can be filtered and compared. */
export interface ReportVariables extends RangeVariables {
  readonly siteId: string
  readonly filter: Filter
  /** The range that it is compared with. */
  readonly base: Instants
  /** Whether it is compared. */
  readonly hasBase: boolean
}

/** Interval between two loads of a report, ms. */
const reportEvery = 30_000

interface ReportOf {
  readonly site: SiteSummary
  readonly range: TimeRange
  /** The time at which a range that moves is taken, ms. @default now */
  readonly at?: number | null
}

/** Loads the report of a site over a range, and loads it again regularly. */
export function useReport<Data, Variables>(
  document: TypedDocumentString<Data, Variables & RangeVariables & { readonly siteId: string }>,
  { site, range, at = null }: ReportOf,
  more: Omit<Variables, 'siteId' | keyof RangeVariables>,
): Polled<ReportResult<Data>> {
  const { siteId, timeZone } = site
  return usePolledGraph(
    async (send, signal) => {
      const now = at ?? Date.now()
      const moments = (at === null ? rangeVariables : rangeVariablesAt)(range, now, timeZone)
      const variables = { ...more, siteId, ...moments } as Variables & typeof moments & { siteId: string }
      const data = await send(document, variables, signal)
      return { data, range, interval: moments.interval, now }
    },
    [String(document), siteId, timeZone, range, at, more],
    reportEvery,
  )
}

/** Loads the report of a site with its filters and comparison, and loads it again regularly. */
export function useSiteReport<Data, Variables>(
  document: TypedDocumentString<Data, Variables & ReportVariables>,
  { site, state }: { readonly site: Pick<SiteSummary, 'siteId' | 'timeZone'>; readonly state: ReportState },
  more: Omit<Variables, keyof ReportVariables>,
): Polled<ReportResult<Data>> {
  const { siteId, timeZone } = site
  const { range, filter } = state
  return usePolledGraph(
    async (send, signal) => {
      const now = Date.now()
      const moments = rangeVariables(range, now, timeZone)
      const base = comparedRange(state, now, timeZone)
      const variables = {
        ...more,
        siteId,
        filter,
        // The graph needs a range also where none is compared.
        base: base ?? { from: '2000-01-01T00:00:00Z', to: '2000-01-02T00:00:00Z' },
        hasBase: base !== null,
        ...moments,
      } as Variables & ReportVariables
      return { data: await send(document, variables, signal), range, interval: moments.interval, now }
    },
    [String(document), siteId, timeZone, state, more],
    reportEvery,
  )
}
