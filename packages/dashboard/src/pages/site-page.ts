import type { ComponentType } from 'preact'
import type { SiteSummaryFragment } from '../generated/graphql.ts'
import type { ReportState } from '../report/report-state.ts'
import type { TimeRange } from '../report/time-range.ts'

/** What every page of a site knows about the site. */
export type SiteSummary = SiteSummaryFragment

/** What a page of a site is given. */
export interface SitePageProps {
  readonly site: SiteSummary
  /** The selected range. A page without `hasRange` ignores it. */
  readonly range: TimeRange
  /** The range, comparison and filters of the page's address. */
  readonly state: ReportState
  /** Shows the page with another range, comparison or filters. */
  readonly onState: (state: ReportState) => void
  /** Loads the site again, after one of its settings has changed. */
  readonly onSiteChange: () => void
}

/** A page of a site, as an entry of the navigation. */
export interface SitePage {
  /** The last part of its address; empty for the overview. */
  readonly path: string
  readonly label: string
  /** Whether the page is about a range of time, which the reader selects. */
  readonly hasRange: boolean
  /** Whether its report can be filtered. @default false */
  readonly hasFilters?: boolean
  /** Whether its report is compared with another range. @default false */
  readonly hasComparison?: boolean
  /** null: the overview, whose report has the site, too. */
  readonly Page: ComponentType<SitePageProps> | null
}
