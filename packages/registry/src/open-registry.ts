import type { Assets } from './assets/assets.ts'
import { createAssets } from './assets/assets.ts'
import { dumpRegistry, type NamedAsset, type RegistryDump } from './backup/dump-registry.ts'
import { createRestoredPosts, type RestoredPosts } from './backup/restored-posts.ts'
import type { Connections } from './connections/connections.ts'
import { createConnections } from './connections/connections.ts'
import type { Database } from './engines/database.ts'
import type { Events } from './events/events.ts'
import { createEvents } from './events/events.ts'
import { type RegistryHealth, watchHealth } from './engines/health.ts'
import type { Jobs } from './jobs/jobs.ts'
import { createJobs } from './jobs/jobs.ts'
import { migrate } from './schema/migrate.ts'
import { openDatabase } from './engines/open-database.ts'
import type { RegistryLocation } from './engines/registry-location.ts'
import { openingError } from './engines/opening-error.ts'
import { createOutbox, type Outbox } from './outbox/outbox.ts'
import type { Outcomes } from './posts/outcomes.ts'
import { createOutcomes } from './posts/outcomes.ts'
import type { Posts } from './posts/posts.ts'
import { createPosts } from './posts/posts.ts'
import { createSchedules, type Schedules } from './schedules/schedules.ts'
import { readSecret } from './secrets/secrets.ts'
import type { Sites } from './sites/sites.ts'
import { createStatements, type Statements } from './posts/statements.ts'
import { watchClock } from './engines/steady-clock.ts'
import { createSites } from './sites/sites.ts'

export type RegistryOptions = RegistryLocation & {
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called with what an operator should know. Must not throw. @default nothing */
  readonly onNotice?: (notice: string) => void
}

/** Sites, keys, posts, manifests and jobs. */
export interface Registry {
  readonly sites: Sites
  readonly posts: Posts
  readonly assets: Assets
  readonly events: Events
  readonly statements: Statements
  readonly outcomes: Outcomes
  readonly connections: Connections
  readonly jobs: Jobs
  readonly schedules: Schedules
  readonly outbox: Outbox
  readonly restored: RestoredPosts
  /**
   * Writes all records of one moment into files in a directory, for a backup, but what a restore ends. `within` is
   * called in that moment with what its publications name.
   */
  dump(directory: string, within: (assets: readonly NamedAsset[]) => Promise<void>): Promise<RegistryDump>
  /** 32 random bytes kept under this name, drawn the first time it is asked for. */
  secret(name: string): Promise<Uint8Array>
  /** The database's condition as of the last few seconds; answers at once, whatever the database is busy with. */
  health(): RegistryHealth
  /** Removes what is no longer needed: old ids of events, old assets that no post has, and handled domain events. */
  forgetOld(): Promise<void>
  /** Stops the jobs gracefully and closes the database. */
  close(): Promise<void>
}

/**
 * Opens the registry and brings its tables up to date.
 * @throws {RegistryError} `locked` when another process owns the directory, `unusable-directory`, `damaged`,
 * `unavailable`, `newer-database`.
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { now = Date.now, onNotice, ...location } = options
  const database = await openMigrated(location)
  const jobs = createJobs(database, (error) => openingError(error, location))
  const clock = watchClock({
    onSetBack: (ms) => {
      onNotice?.(
        `the clock was set back by ${Math.round(ms / 60_000)} minutes: jobs that waited for a time before are due now; check the machine's time service`,
      )
      Promise.all([database.clockWasSetBack(), jobs.advance()]).catch((error: unknown) =>
        onNotice?.(`jobs may wait until the lost time has come again: ${String(error)}`),
      )
    },
  })
  const outbox = createOutbox(database, { now, onNotice: (notice) => onNotice?.(notice) })
  const assets = createAssets(database, now)
  const watch = watchHealth(database, { now })
  return {
    sites: createSites(database, outbox, now),
    posts: createPosts(database, outbox, now),
    assets,
    events: createEvents(outbox, jobs, now),
    statements: createStatements(database),
    outcomes: createOutcomes(database, now),
    connections: createConnections(database, outbox, now),
    jobs,
    schedules: createSchedules(database, jobs, now),
    outbox,
    restored: createRestoredPosts(database, now),
    dump: (directory, within) => dumpRegistry(database, directory, within),
    secret: (name) => readSecret(database, name),
    health: () => watch.health(),
    forgetOld: async () => {
      await forgetOldEvents(database, now())
      await assets.forgetReleased()
      await outbox.prune()
    },
    close: async () => {
      clock.stop()
      watch.stop()
      await outbox.stop()
      await jobs.stop()
      await database.close()
    },
  }
}

async function openMigrated(location: RegistryLocation): Promise<Database> {
  try {
    const database = await openDatabase(location)
    try {
      await migrate(database)
    } catch (error) {
      // What keeps a damaged engine from closing is not what the operator must hear of.
      await database.close().catch(() => undefined)
      throw error
    }
    return database
  } catch (error) {
    throw openingError(error, location)
  }
}

/** An outbox gives up long before this; the ids only have to outlive its retries. ms */
const eventMemory = 90 * 24 * 3600 * 1000

async function forgetOldEvents(database: Database, now: number): Promise<void> {
  await database.query('delete from peerpress.event where received_at < $1', [new Date(now - eventMemory)])
}
