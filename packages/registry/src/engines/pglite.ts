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

/** Folder of a registry that the engine's files are in. */
export const postgresFolder = 'postgres'

/** File of a registry's folder that its owner holds locked. */
const ownerFile = 'owner.lock'

/**
 * How much of a function V8 runs before it compiles it a second time, optimised; ten times its default. By default nearly all
 * of Postgres is optimised while it starts, which takes 200 MB more than it ever needs: measured with V8 13.6, 357 MB
 * resident in place of 144 MB once it is open. The functions that a server uses all the time are optimised all the same.
 */
const tieringBudget = 130_000_000

/** The records of a server are few, and the system caches their files: the default, 128 MB, would stay resident. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']

/**
 * Opens the Postgres that runs inside this process, in `directory`.
 * @throws {RegistryError} `locked` when another process owns the directory, `unusable-directory`, `damaged`.
 */
export async function openPglite(directory: string): Promise<Database> {
  const lock = await ownDirectory(directory)
  let pglite: PGlite
  try {
    pglite = await startPglite(join(directory, postgresFolder))
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
        // There is one connection: a failing statement of the queue aborts its transaction until the
        // adapter has rolled back, and nothing of ours may run in between.
        executeSql: (text, values) => inTurn(() => jobs.executeSql(text, values)),
      },
    },
    exclusive: true,
    // The engine would flush its statistics after the lost time has come again: an alarm that far ahead is longer than
    // Node's timers take, so it fires each millisecond, with a warning. A flush clears the alarm.
    clockWasSetBack: async () => {
      await inTurn(() => pglite.query('select pg_stat_force_next_flush()'))
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
async function startPglite(directory: string): Promise<PGlite> {
  const damage = findPostgresDamage(directory)
  if (damage !== null) throw damaged(damage.path, damage.problem)
  const said: string[] = []
  let isStarting = true
  const onStderr = (line: string): boolean => isStarting && said.push(line) > 0
  try {
    if (!hasPostgresFiles(directory)) await makeDatabase(directory)
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

/** What Postgres died of: the last line that says so, without its time. */
function reasonIn(lines: readonly string[]): string | undefined {
  const last = lines.findLast((line) => /\b(?:PANIC|FATAL|ERROR): /.test(line))
  return last?.replace(/^.*?\b(?:PANIC|FATAL|ERROR): +/, '')
}

/** Runs what it is given one after the other, in the order of the calls. */
function createQueue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const result = last.then(task)
    last = result.catch(() => undefined)
    return result
  }
}
