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
import { migrate } from './schema/migrate.ts'
import { migrations } from './schema/migrations.ts'
import { createRemovals, type Removals } from './retention/removals.ts'
import { breakdown, series, totals } from './query/report.ts'
import { onBehalfOf } from './engine/queue/on-behalf-of.ts'
import { reportSource, type ReportSource, sourceFor } from './rollup/rollups-or-views.ts'
import { createRetention, maxRetentionDays, type Retention } from './retention/retention.ts'
import { roll, type RollOptions } from './rollup/roll.ts'
import { sessions } from './query/sessions.ts'
import type { Reports, Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { visitors } from './query/visitors.ts'

/** How a store is opened. */
export type StoreOptions = StoreLocation & {
  /**
   * Days that rows of sites are kept that want nothing else.
   * @default maxRetentionDays
   */
  readonly retention?: number
  /**
   * Queries about more snapshots of views are answered from rollups where these can: percentiles within 1 %, all else exactly.
   * @default 100_000
   */
  readonly exactViews?: number
  /**
   * ms from adding an hour, or a day that is over, up to adding it up again when it has changed.
   * @default { hour: 60_000, day: 3_600_000 }
   */
  readonly rollPause?: { readonly hour: number; readonly day: number }
}

/**
 * Opens the views in a directory, with the ClickHouse engine in a child process, or on a ClickHouse server, and brings
 * the schema up to date.
 * @throws {StoreError} `directory-locked`, `unusable-directory`, `damaged`, `unavailable` or `migration-mismatch`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { queryTime = 30_000, retention: days = maxRetentionDays, exactViews = 100_000 } = options
  const { hour, day } = options.rollPause ?? { hour: 60_000, day: 3_600_000 }
  const connection = await connect(options)
  const retention = createRetention(onBehalfOf(connection, { caller: 'retention' }), days)
  const removals = createRemovals(onBehalfOf(connection, { caller: 'removals' }))
  try {
    await migrate(connection, migrations)
    await retention.apply()
    await removals.enforce()
    if ('directory' in options) await removeFrozen(options.directory)
  } catch (error) {
    await connection.close()
    throw error
  }
  // The embedded engine writes one statement after another, so a rollup begins after all writes whose marks were seen.
  const settleMs = 'directory' in options ? 0 : 2 * queryTime
  const rolling = { settleMs, hourPauseMs: hour, dayPauseMs: day, budgetMs: 15_000 }
  const directory = 'directory' in options ? options.directory : null
  return storeOn(reportSource(connection, exactViews), { retention, removals, rolling, directory })
}

/** What keeps the tables in order. */
interface Upkeep {
  readonly retention: Retention
  readonly removals: Removals
  readonly rolling: RollOptions
  /** Of an embedded engine. */
  readonly directory: string | null
}

function storeOn(source: ReportSource, upkeep: Upkeep): Store {
  const { retention, removals, rolling: rollOptions, directory } = upkeep
  const { connection } = source
  /** What writes rows shares it; a freeze has it alone. A removal needs no turn: it is made good when a store is opened. */
  const writing = new SharedLock()
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
    removeSite: async (site) => {
      const views = await removals.removeSite(site)
      await retention.forget(site)
      return views
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
    breakdown: (query, by, limit) => breakdown(source, query, { by, limit }),
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
