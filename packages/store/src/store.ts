import type { FrozenStore } from './backup/freeze-store.ts'
import type { BotViews } from './query/bots.ts'
import type { StoreDamage } from './engine/directory/damage.ts'
import type { DropCount } from './query/drops.ts'
import type { Comparison, Experiment } from './query/experiment.ts'
import type { ViewsExport } from './retention/export-views.ts'
import type { StoreHealth } from './engine/health.ts'
import type { Metrics } from './model/catalogue/catalogue.ts'
import type { Arrivals, BreakdownRow, SeriesPoint, Sessions } from './model/report.ts'
import type { VisitorDay } from './retention/removals.ts'
import type { Dimension, Interval, ReportQuery } from './model/report-query.ts'
import type { CallOptions } from './engine/queue/call-options.ts'

/** What is computed from the views. Every call rejects with a `StoreError` only; `busy` when too many queries wait. */
export interface Reports {
  totals(query: ReportQuery): Promise<Metrics>
  /**
   * One point for every interval of the range, oldest first, also where there are no views.
   * @param timeZone of the IANA database, whose days, weeks and months are meant
   * @default timeZone 'UTC'
   */
  series(query: ReportQuery, interval: Interval, timeZone?: string): Promise<SeriesPoint[]>
  /** The `limit` keys with most views, most first. */
  breakdown(query: ReportQuery, by: Dimension, limit: number): Promise<BreakdownRow[]>
  /** The sessions with a view that the query chooses, each judged by all its views in the range. */
  sessions(query: ReportQuery): Promise<Sessions>
  /** Visitors of each UTC day, added up over the days; null when no view tells its visitor. */
  visitors(query: ReportQuery): Promise<number | null>
  /** How many of the snapshots of the views that the query chooses came in. */
  arrivals(query: ReportQuery): Promise<Arrivals>
  /** Readers that were helped against the control arm; a filter by arm is not heeded. */
  experiment(query: ReportQuery): Promise<Experiment>
  /** The query's range against the one of the same length right before it. */
  comparison(query: ReportQuery): Promise<Comparison>
  /** Bots' views. */
  bots(query: ReportQuery): Promise<BotViews>
  /** Beacons that were not kept, by reason, most first; the filter is not heeded, and an hour counts as a whole. */
  drops(query: ReportQuery): Promise<DropCount[]>
  /** The views of a site that began in a range, each once, as a Parquet file while it is written. */
  exportViews(of: Omit<ReportQuery, 'filter'>): Promise<ViewsExport>
}

/** Page views in ClickHouse. Every call rejects with a `StoreError` only. */
export interface Store extends Reports {
  /**
   * The same reports on behalf of one caller, who shares the engine equally with all others.
   * @param options its `signal` cancels all queries of the caller
   */
  reportsFor(options: CallOptions): Reports
  /** Answers at once, from what is known of the engine. */
  health(): StoreHealth
  /**
   * Writes snapshots of views. Whatever is written twice, in one call or in many, counts once.
   * @param rows NDJSON of `encodeViewRow`
   * @param token names these very rows: the same rows under the same token are skipped early
   */
  insertViews(rows: Buffer, token: string): Promise<void>
  /**
   * Writes snapshots of bots' views, which no figure but `bots` has.
   * @param rows NDJSON of `encodeBotRow`
   * @param token as for views
   */
  insertBots(rows: Buffer, token: string): Promise<void>
  /**
   * Writes how many beacons were not kept.
   * @param rows NDJSON of `DropRow`
   * @param token as for views
   */
  insertDrops(rows: Buffer, token: string): Promise<void>
  /** Days that the site's rows are kept; the engine drops them within a day after. */
  retention(site: string): Promise<number>
  /** Keeps the site's rows for 1 to 36,500 days, or, null, for as many as those of other sites. */
  retain(site: string, days: number | null): Promise<void>
  /**
   * Adds up what has changed since the last call, for a quarter of a minute at most; what was not reached is left to the
   * next. No figure depends on it, only how fast large ones come.
   * @param signal cancels the statement that runs, and begins no other
   * @returns whether nothing that is due is left
   */
  roll(signal?: AbortSignal): Promise<boolean>
  /**
   * Removes all rows of a site and lets nothing of it be written again; resolves to the number of views that went, once no
   * table has a row of it.
   */
  removeSite(site: string): Promise<number>
  /** Removes a visitor's views of a day, with all their snapshots; resolves as `removeSite`. */
  removeVisitorDay(of: VisitorDay): Promise<number>
  /** Learns what other servers of this store removed, so that this server writes nothing of it again. */
  learnRemovals(): Promise<void>
  /** Learns removals, and removes the rows that any server wrote of them since. */
  enforceRemovals(): Promise<void>
  /** Brings the tables' retention to what is recorded for the sites; does nothing to tables that have it. */
  applyRetention(): Promise<void>
  /**
   * What an embedded engine has put aside as damaged and reports leave out; empty for a server. Reads a few folders and
   * asks no engine.
   */
  damage(): Promise<readonly StoreDamage[]>
  /**
   * Takes hold of all rows as they are at one moment, for a backup; one at a time. Nothing is copied.
   * @throws {StoreError} `not-embedded` on a ClickHouse server
   */
  freeze(): Promise<FrozenStore>
  /**
   * Waits for what is under way, then lets go of the directory.
   * @param within ms that this may take; then an embedded engine is killed, and what was under way rejects with `closed`
   * @default 10_000
   */
  close(within?: number): Promise<void>
}
