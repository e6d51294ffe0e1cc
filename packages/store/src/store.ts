import type { FrozenStore } from './backup/freeze-store.ts'
import type { BotViews } from './query/bots.ts'
import type { StoreDamage } from './engine/directory/damage.ts'
import type { DropCount } from './query/drops.ts'
import type { Comparison, Experiment } from './query/experiment.ts'
import type { SitesQuery } from './query/series-of-sites.ts'
import type { ViewsExport } from './retention/export-views.ts'
import type { StoreHealth } from './engine/health.ts'
import type { Metrics } from './model/catalogue/catalogue.ts'
import type { Arrivals, BreakdownRow, SeriesPoint, Sessions } from './model/report.ts'
import type { VisitorDay } from './retention/removals.ts'
import type { Dimension, Interval, ReportQuery } from './model/report-query.ts'
import type { OfRows, OfRowsQuery, RowsPage, RowsQuery } from './model/rows.ts'
import type { CallOptions } from './engine/queue/call-options.ts'
import type { PageVisits, PageVisitsQuery } from './search/page-visits.ts'
import type {
  SearchFigure,
  SearchFiguresQuery,
  SearchProperty,
  SearchReading,
  SearchSum,
  SearchSumsQuery,
} from './search/search-figure.ts'
import type { SearchLanding, SearchLandingsQuery } from './search/search-landings.ts'
import type { SearchWeek } from './search/search-week.ts'
import type { SearchWeeksCount } from './search/search-weeks.ts'

/** Reports on views. Every call rejects with a `StoreError` only; `busy` when too many queries wait. */
export interface Reports {
  totals(query: ReportQuery): Promise<Metrics>
  /**
   * Returns one point for every interval of the range, oldest first, including intervals without views.
   * @param timeZone of the IANA database, whose days, weeks and months apply
   * @default timeZone 'UTC'
   */
  series(query: ReportQuery, interval: Interval, timeZone?: string): Promise<SeriesPoint[]>
  /** Returns the series of several sites, in UTC, by a few statements. */
  seriesOfSites(query: SitesQuery, interval: Interval): Promise<Map<string, SeriesPoint[]>>
  /** Returns the `limit` keys with most views, most first. */
  breakdown(query: ReportQuery, by: Dimension, limit: number): Promise<BreakdownRow[]>
  /** Returns a page of the rows of one or two dimensions, with the remainder: all views count once. */
  rows(query: ReportQuery, page: RowsQuery): Promise<RowsPage>
  /** Returns the sessions with a view in each row. A session counts in each row that it has a view in. */
  sessionsOfRows(query: ReportQuery, of: OfRowsQuery): Promise<OfRows<Sessions>>
  /** Returns the visitors of each row, as `visitors` counts them. */
  visitorsOfRows(query: ReportQuery, of: OfRowsQuery): Promise<OfRows<number | null>>
  /** Returns the sessions with a view of the query. All views of such a session in the range count. */
  sessions(query: ReportQuery): Promise<Sessions>
  /** Returns the sum of each UTC day's visitors; null when no view has a visitor id. */
  visitors(query: ReportQuery): Promise<number | null>
  /** Returns how many snapshots of the query's views were sent and received. */
  arrivals(query: ReportQuery): Promise<Arrivals>
  /** Compares assisted readers with the control arm. A filter by arm is ignored. */
  experiment(query: ReportQuery): Promise<Experiment>
  /** Compares the query's range with the range of the same length right before it. */
  comparison(query: ReportQuery): Promise<Comparison>
  /** Returns the bots' views of the query. */
  bots(query: ReportQuery): Promise<BotViews>
  /** Returns dropped beacons by reason, most first. The filter is ignored, and an hour counts as a whole. */
  drops(query: ReportQuery): Promise<DropCount[]>
  /** Exports the views of a site that began in a range, each once, as a Parquet file while it is written. */
  exportViews(of: Omit<ReportQuery, 'filter'>): Promise<ViewsExport>
}

/** Page views in ClickHouse. Every call rejects with a `StoreError` only. */
export interface Store extends Reports {
  /**
   * Returns the same reports for one caller. Callers share the engine equally.
   * @param options its `signal` cancels all queries of the caller
   */
  reportsFor(options: CallOptions): Reports
  /** Returns the last known health of the engine at once. */
  health(): StoreHealth
  /**
   * Inserts snapshots of views. A snapshot that is inserted twice, in one call or in several, counts once.
   * @param rows NDJSON of `encodeViewRow`
   * @param token identifies these rows: the same rows under the same token are skipped early
   */
  insertViews(rows: Buffer, token: string): Promise<void>
  /**
   * Inserts snapshots of bots' views. Only `bots` counts them.
   * @param rows NDJSON of `encodeBotRow`
   * @param token as for views
   */
  insertBots(rows: Buffer, token: string): Promise<void>
  /**
   * Inserts numbers of dropped beacons.
   * @param rows NDJSON of `DropRow`
   * @param token as for views
   */
  insertDrops(rows: Buffer, token: string): Promise<void>
  /** Returns the number of days that the site's rows are retained. The engine drops expired rows within a day. */
  retention(site: string): Promise<number>
  /** Retains the site's rows for 1 to 36,500 days; null: as many as other sites' rows. */
  retain(site: string, days: number | null): Promise<void>
  /**
   * Rolls up changed hours and days for at most 15 s; the next call continues. No figure depends on it, only the speed
   * of large reports.
   * @param signal cancels the statement that runs, and starts no further one
   * @returns whether no due unit is left
   */
  roll(signal?: AbortSignal): Promise<boolean>
  /**
   * Counts the visits from search engines of a site's complete weeks: those that were not counted yet, and the last two
   * again. Counts are retained for three years, whatever the retention of views. Resolves to the number of counted weeks.
   */
  countSearchWeeks(of: Omit<SearchWeeksCount, 'retentionDays'>): Promise<number>
  /** Returns the counted weeks of a site, oldest first. */
  searchWeeks(site: string): Promise<SearchWeek[]>
  /** Returns each post's search visits and engaged time in a range. A post without views in it is left out. */
  pageVisits(query: PageVisitsQuery): Promise<PageVisits[]>
  /** Returns the visits from search engines by post in a range, of the views that are retained; most visits first. */
  searchLandings(query: SearchLandingsQuery): Promise<SearchLanding[]>
  /** Replaces the figures of days of a search engine's console. A killed process leaves the days as they were. */
  recordSearchDays(reading: SearchReading): Promise<void>
  /** Returns a page of the figures of a range by query, page, country or device. */
  searchFigures(query: SearchFiguresQuery): Promise<SearchFigure[]>
  /** Returns the sums over the days of a range: of all results, and of those that each list has. */
  searchSums(query: SearchSumsQuery): Promise<SearchSum[]>
  /** Returns the days that have figures of a property, in their order. */
  searchDays(of: SearchProperty): Promise<string[]>
  /**
   * Removes a site's figures of a search engine's console.
   * @param except the property whose figures stay; null for none
   */
  removeSearchFigures(site: string, except: string | null): Promise<void>
  /**
   * Removes all rows of a site, and excludes its rows from later inserts. Resolves to the number of removed views when
   * no table has a row of the site.
   */
  removeSite(site: string): Promise<number>
  /** Removes a visitor's views of a day with all their snapshots. Resolves as `removeSite`. */
  removeVisitorDay(of: VisitorDay): Promise<number>
  /** Reads the removals of other servers of this store, so that this server inserts none of their rows again. */
  learnRemovals(): Promise<void>
  /** Reads the removals of other servers of this store, and removes rows that they have written since. */
  enforceRemovals(): Promise<void>
  /** Sets the tables' retention to the sites' recorded times. It does nothing to tables that have it. */
  applyRetention(): Promise<void>
  /**
   * Returns the damaged parts that an embedded engine has detached and reports leave out; none for a server. Reads a
   * few folders and does not call the engine.
   */
  damage(): Promise<readonly StoreDamage[]>
  /**
   * Freezes all rows at one moment for a backup, one backup at a time. Nothing is copied.
   * @throws {StoreError} `not-embedded` on a ClickHouse server
   */
  freeze(): Promise<FrozenStore>
  /**
   * Waits for running calls, then releases the directory.
   * @param within maximum ms of that. Then an embedded engine is killed, and running calls reject with `closed`.
   * @default 10_000
   */
  close(within?: number): Promise<void>
}
