import { arrivals } from './query/arrivals.ts'
import { freezeStore, removeFrozen } from './backup/freeze-store.ts'
import { SharedLock } from './backup/shared-lock.ts'
import { bots } from './query/bots.ts'
import { connect, type StoreLocation } from './engine/connect.ts'
import type { Insertion } from './engine/connection.ts'
import { findStoreDamage } from './engine/directory/damage.ts'
import { drops } from './query/drops.ts'
import { comparison, experiment } from './query/experiment.ts'
import { exportViews } from './retention/export-views.ts'
import { bringUpToDate } from './schema/bring-up-to-date.ts'
import { createRemovals, type Removals } from './retention/removals.ts'
import { breakdown, series, totals } from './query/report.ts'
import { sessionsOfRows, visitorsOfRows } from './query/of-rows.ts'
import { pageOfRows } from './query/rows.ts'
import { seriesOfSites } from './query/series-of-sites.ts'
import { onBehalfOf } from './engine/queue/on-behalf-of.ts'
import { reportSource, type ReportSource, sourceFor } from './rollup/rollups-or-views.ts'
import { createRetention, maxRetentionDays, type Retention } from './retention/retention.ts'
import { roll, type RollOptions } from './rollup/roll.ts'
import { sessions } from './query/sessions.ts'
import { pageVisits } from './search/page-visits.ts'
import {
  recordSearchDays,
  removeSearchFigures,
  searchDays,
  searchFigures,
  searchSums,
} from './search/search-figures.ts'
import { searchLandings } from './search/search-landings.ts'
import { countSearchWeeks, searchWeeks } from './search/search-weeks.ts'
import type { Reports, Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { visitors } from './query/visitors.ts'

/** Options of a store. */
export type StoreOptions = StoreLocation & {
  /**
   * Days that rows are retained of sites without a retention time of their own.
   * @default maxRetentionDays
   */
  readonly retention?: number
  /**
   * Queries about more snapshots than this use rollups if one fits: percentiles are within 1 %, all else is exact.
   * @default 100_000
   */
  readonly exactViews?: number
  /**
   * Minimum ms between two rollups of an hour, and of a day that is over.
   * @default { hour: 60_000, day: 3_600_000 }
   */
  readonly rollPause?: { readonly hour: number; readonly day: number }
}

/**
 * Opens a store in a directory, with the ClickHouse engine in a child process, or on a ClickHouse server, and brings
 * its schema up to date.
 * @throws {StoreError} `directory-locked`, `unusable-directory`, `damaged`, `unavailable` or `migration-mismatch`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { queryTime = 30_000, retention: days = maxRetentionDays, exactViews = 100_000 } = options
  const { hour, day } = options.rollPause ?? { hour: 60_000, day: 3_600_000 }
  const connection = await connect(options)
  const retention = createRetention(onBehalfOf(connection, { caller: 'retention' }), days)
  const removals = createRemovals(onBehalfOf(connection, { caller: 'removals' }))
  try {
    await bringUpToDate(connection, options)
    await retention.apply()
    await removals.enforce()
    if ('directory' in options) await removeFrozen(options.directory)
  } catch (error) {
    await connection.close()
    throw error
  }
  // The embedded engine runs one write after another, so a rollup sees all rows whose marks it has read.
  const settleMs = 'directory' in options ? 0 : 2 * queryTime
  const rolling = { settleMs, hourPauseMs: hour, dayPauseMs: day, budgetMs: 15_000 }
  const directory = 'directory' in options ? options.directory : null
  return storeOn(reportSource(connection, exactViews), { retention, removals, rolling, directory })
}

/** The maintenance of the tables. */
interface Upkeep {
  readonly retention: Retention
  readonly removals: Removals
  readonly rolling: RollOptions
  /** The directory of an embedded engine. */
  readonly directory: string | null
}

function storeOn(source: ReportSource, upkeep: Upkeep): Store {
  const { retention, removals, rolling: rollOptions, directory } = upkeep
  const { connection } = source
  /** Inserts share it; a freeze holds it alone. A removal needs no turn, because opening a store completes it. */
  const writing = new SharedLock()
  /** Removals under way: a second call for the same site shares the first one's outcome, its count included. */
  const removing = new Map<string, Promise<number>>()
  const removeSite = async (site: string) => {
    const views = await removals.removeSite(site)
    await retention.forget(site)
    return views
  }
  const insert = (insertion: Insertion) => writing.shared(() => removals.insert(insertion))
  return {
    insertViews: (rows, token) => insert({ table: 'snapshots', rows, token }),
    insertBots: (rows, token) => insert({ table: 'bots', rows, token }),
    insertDrops: (rows, token) => insert({ table: 'drops', rows, token }),
    ...reportsOn(source),
    reportsFor: (options) => reportsOn(sourceFor(source, options)),
    health: () => connection.health(),
    retention: (site) => retention.daysOf(site),
    retain: (site, days) => retention.retain(site, days),
    roll: async (signal) => {
      const caller = onBehalfOf(connection, { caller: 'rollups', signal })
      return (await writing.shared(() => roll(caller, { ...rollOptions, signal }))).done
    },
    freeze: async () => {
      if (directory === null) {
        throw new StoreError(
          'not-embedded',
          'the measurements are on a ClickHouse server: back them up there (BACKUP DATABASE, or clickhouse-backup), and take the rest with --without-measurements',
        )
      }
      return writing.exclusive(() => freezeStore(connection, directory))
    },
    countSearchWeeks: async (of) => {
      const caller = onBehalfOf(connection, { caller: 'search weeks', signal: of.signal })
      return countSearchWeeks(caller, insert, { ...of, retentionDays: await retention.daysOf(of.site) })
    },
    searchWeeks: (site) => searchWeeks(connection, site),
    pageVisits: (query) => pageVisits(connection, query),
    searchLandings: (query) => searchLandings(connection, query),
    recordSearchDays: (reading) => recordSearchDays(connection, insert, reading),
    searchFigures: (query) => searchFigures(connection, query),
    searchSums: (query) => searchSums(connection, query),
    searchDays: (of) => searchDays(connection, of),
    removeSearchFigures: (site, except) => removeSearchFigures(connection, site, except),
    removeSite: (site) => {
      const running = removing.get(site)
      if (running !== undefined) return running
      const removed = removeSite(site).finally(() => removing.delete(site))
      removing.set(site, removed)
      return removed
    },
    removeVisitorDay: (of) => removals.removeVisitorDay(of),
    learnRemovals: () => removals.learn(),
    enforceRemovals: () => removals.enforce(),
    applyRetention: () => retention.apply(),
    damage: async () => (directory === null ? [] : findStoreDamage(directory)),
    close: (within) => connection.close(within),
  }
}

function reportsOn(source: ReportSource): Reports {
  const { connection } = source
  return {
    totals: (query) => totals(source, query),
    series: (query, interval, timeZone = 'UTC') => series(source, query, { interval, timeZone }),
    seriesOfSites: (query, interval) => seriesOfSites(source, query, interval),
    breakdown: (query, by, limit) => breakdown(source, query, { by, limit }),
    rows: (query, page) => pageOfRows(source, query, page),
    sessionsOfRows: (query, of) => sessionsOfRows(connection, query, of),
    visitorsOfRows: (query, of) => visitorsOfRows(connection, query, of),
    sessions: (query) => sessions(connection, query),
    visitors: (query) => visitors(connection, query),
    arrivals: (query) => arrivals(source, query),
    experiment: (query) => experiment(source, query),
    comparison: (query) => comparison(source, query),
    bots: (query) => bots(connection, query),
    drops: (query) => drops(connection, query),
    exportViews: (of) => exportViews(connection, of),
  }
}
