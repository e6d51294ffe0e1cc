import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { PGlite } from '@electric-sql/pglite'
import { type DirectoryLock, DirectoryLockError, lockDirectory } from '@peerpress/directory-lock'
import { fromPglite } from 'pg-boss'
import type { Database } from './database.ts'
import { makeDatabase } from './make-database.ts'
import { damaged } from './opening-error.ts'
import { findPostgresDamage, hasPostgresFiles } from './postgres-files.ts'
import { RegistryError } from '../registry-error.ts'

/** Tables that changed since they were last cleaned up. */
const changedTables = `select quote_ident(schemaname) || '.' || quote_ident(relname) as name from pg_stat_user_tables
where schemaname in ('peerpress', 'peerpress_jobs') and n_dead_tup + n_mod_since_analyze + n_ins_since_vacuum > 0 order by 1`

/** Changes are counted, and seen by the next statement. */
const flushStatistics = 'select pg_stat_force_next_flush()'

/** The subfolder with the engine's files. */
export const postgresFolder = 'postgres'

/** File of a registry's folder that its owner holds locked. */
const ownerFile = 'owner.lock'

/**
 * How much of a function V8 runs before it optimises the function; ten times V8's default. By default V8 optimises nearly all
 * of Postgres during its start, which takes 200 MB more: measured with V8 13.6, 357 MB resident instead of 144 MB. Functions
 * that a server uses all the time are still optimised.
 */
const tieringBudget = 130_000_000

/** A server has few records, and the system caches their files. The default of 128 MB would stay resident. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']

/** What a database is that has to be made. */
export interface NewDatabase {
  /** Whether it must have no tables. @default false: it has those of this release if the build prepared them */
  readonly isEmpty?: boolean
}

/**
 * Opens the Postgres in `directory` inside this process.
 * @throws {RegistryError} `locked` when another process owns the directory, `unusable-directory`, `damaged`.
 */
export async function openPglite(directory: string, made: NewDatabase = {}): Promise<Database> {
  const lock = await ownDirectory(directory)
  let pglite: PGlite
  try {
    pglite = await startPglite(join(directory, postgresFolder), made)
  } catch (error) {
    lock.release()
    throw error
  }
  const inTurn = createQueue()
  const jobs = fromPglite(pglite)
  return {
    query: async <Row>(text: string, params: readonly unknown[] = []) =>
      (await inTurn(() => pglite.query<Row>(text, [...params]))).rows,
    transaction: (work) =>
      inTurn(() =>
        pglite.transaction((tx) =>
          work({
            query: async <Row>(text: string, params: readonly unknown[] = []) =>
              (await tx.query<Row>(text, [...params])).rows,
          }),
        ),
      ),
    jobOptions: {
      backend: 'pglite',
      db: {
        ...jobs,
        // There is one connection. A failed statement of the job queue leaves its transaction aborted until the adapter
        // has rolled back. No other statement may run in between.
        executeSql: (text, values) => inTurn(() => jobs.executeSql(text, values)),
      },
    },
    exclusive: true,
    // The embedded engine has no autovacuum. Without it tables only grow, and an index alone answers no query.
    vacuum: async () => {
      await inTurn(() => pglite.query(flushStatistics))
      const tables = await inTurn(() => pglite.query<{ name: string }>(changedTables))
      for (const { name } of tables.rows) await inTurn(() => pglite.exec(`vacuum (analyze) ${name}`))
    },
    // The engine has set an alarm to flush its statistics, which is now days ahead. Node's timers do not reach that far: the
    // alarm would fire each millisecond, with a warning. A flush clears it.
    clockWasSetBack: async () => {
      await inTurn(() => pglite.query(flushStatistics))
    },
    close: async () => {
      await inTurn(() => pglite.close())
      lock.release()
    },
  }
}

/** @throws {RegistryError} `locked`, `unusable-directory` */
async function ownDirectory(directory: string): Promise<DirectoryLock> {
  try {
    return await lockDirectory(directory, { file: ownerFile })
  } catch (cause) {
    if (!(cause instanceof DirectoryLockError)) throw cause
    if (cause.code !== 'directory-locked') throw new RegistryError(cause.code, cause.message, { cause })
    const message = `${directory} is in use by another PeerPress server: stop it first`
    throw new RegistryError('locked', message, { cause })
  }
}

/** @throws {RegistryError} `damaged` */
async function startPglite(directory: string, made: NewDatabase): Promise<PGlite> {
  const damage = findPostgresDamage(directory)
  if (damage !== null) throw damaged(damage.path, damage.problem)
  const said: string[] = []
  let isStarting = true
  const onStderr = (line: string): boolean => isStarting && said.push(line) > 0
  try {
    if (!hasPostgresFiles(directory)) await makeDatabase(directory, made)
    setFlagsFromString(`--wasm-tiering-budget=${tieringBudget}`)
    return await PGlite.create(directory, { startParams, onStderr })
  } catch (cause) {
    if (cause instanceof Error && 'stderr' in cause) said.push(...String(cause.stderr).split('\n'))
    const why = reasonIn(said) ?? (cause instanceof Error ? cause.message : String(cause))
    throw damaged(directory, `cannot be opened (${why})`, cause)
  } finally {
    isStarting = false
  }
}

/** Returns the last line that names a fatal error, without its time. */
function reasonIn(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => /\b(?:PANIC|FATAL|ERROR): /.test(line))
  return last?.replace(/^.*?\b(?:PANIC|FATAL|ERROR): +/, '')
}

/** Returns a function that runs tasks one after the other, in the order of the calls. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
