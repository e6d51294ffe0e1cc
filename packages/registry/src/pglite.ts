import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { fromPglite } from 'pg-boss'
import type { Database } from './database.ts'
import { lockDirectory } from './directory-lock.ts'

/**
 * Opens the Postgres that runs inside this process, in `directory`.
 * @throws {RegistryError} `locked` when another process owns the directory.
 */
export async function openPglite(directory: string): Promise<Database> {
  const unlock = lockDirectory(directory)
  let pglite: PGlite
  try {
    pglite = await PGlite.create(join(directory, 'postgres'))
  } catch (error) {
    unlock()
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
    close: async () => {
      await inTurn(() => pglite.close())
      unlock()
    },
  }
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
