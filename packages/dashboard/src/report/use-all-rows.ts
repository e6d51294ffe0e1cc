import { AllRowsDocument, type AllRowsQuery, type Dimension } from '../generated/graphql.ts'
import type { SiteSummary } from '../pages/site-page.ts'
import { useSendToGraph } from '../session/use-graph.ts'
import { everyPage } from './every-page.ts'
import { type Filter, graphFilter } from './report-filter.ts'
import { rangeVariables, type TimeRange } from './time-range.ts'

/** The views whose rows a table shows. */
export interface RowsOf {
  readonly site: Pick<SiteSummary, 'siteId' | 'timeZone'>
  readonly range: TimeRange
  readonly filter?: Filter
  readonly by: Dimension
  /** The number of rows from which on a table may lack some. */
  readonly limit: number
}

type Rows = NonNullable<NonNullable<AllRowsQuery['site']>['report']['rows']>

/** A loaded row. Its label is the URL of a post, and the English name of anything else. */
export interface LoadedRow {
  readonly key: string | null
  readonly label: string
  readonly metrics: Rows['nodes'][number]['metrics']
}

/** Returns a function that loads all rows of a dimension, most views first, for a CSV file. */
export function useAllRows(): (of: RowsOf) => Promise<readonly LoadedRow[]> {
  const send = useSendToGraph()
  return ({ site: { siteId, timeZone }, range, filter = {}, by }) => {
    // A cursor belongs to one range.
    const moments = rangeVariables(range, Date.now(), timeZone)
    return everyPage(async (after) => {
      const { site } = await send(AllRowsDocument, {
        siteId,
        filter: graphFilter(filter),
        by,
        after,
        ...moments,
      })
      const page = site?.report.rows
      return {
        rows:
          page?.nodes.map(({ values, label, metrics }) => ({
            key: values[0]?.key ?? null,
            label,
            metrics,
          })) ?? [],
        next: page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null,
      }
    })
  }
}
