import type { Database, Sql } from './database.ts'
import { RegistryError } from '../registry-error.ts'

/** SQLSTATE of a full disk (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
export const diskFull = '53100'

/** Turns the error of a statement for which the disk has no room into a `RegistryError` that says so. */
export function reportFullDisk(database: Database): Database {
  const reported = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw error instanceof Error && 'code' in error && error.code === diskFull ? fullDisk(error) : error
    }
  }
  const query: Sql['query'] = (text, params) => reported(database.query(text, params))
  return {
    ...database,
    query,
    transaction: (work) => reported(database.transaction(work)),
  }
}

function fullDisk(cause: Error): RegistryError {
  return new RegistryError(
    'disk-full',
    'The disk of the records is full, so nothing was recorded: free some space, then try again.',
    { cause },
  )
}
