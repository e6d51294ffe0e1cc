import type { Readable } from 'node:stream'
import type { StoreHealth } from './health.ts'
import type { CallOptions } from './queue/call-options.ts'
import type { Removal } from '../retention/removed.ts'

/**
 * A connection to a ClickHouse engine, embedded or on a server. Both get the same SQL. Every call rejects with a
 * `StoreError` only.
 */
export interface Connection {
  /**
   * Returns the rows of a SELECT without FORMAT or SETTINGS clause, as JSON values. `{name:Type}` in the SQL is a
   * parameter. Queries wait in a bounded queue that is fair between callers.
   */
  query(sql: string, parameters: Parameters, options?: CallOptions): Promise<Row[]>
  /**
   * Runs a statement without a result and without a time limit: a step of the schema may rewrite all rows. A signal
   * cancels a running `INSERT … SELECT`. Other statements are only prevented from starting.
   */
  command(sql: string, options?: CallOptions): Promise<void>
  /**
   * Inserts rows into a table, all or none. The same rows under the same token are inserted at most once. A signal only
   * prevents the start of the insertion.
   */
  insert(insertion: Insertion, options?: CallOptions): Promise<void>
  /**
   * Excludes removed rows from all insertions that start after it resolves. Call it once for each removal. Rows are
   * compared where they are parsed anyway: an embedded engine does so in its own process.
   */
  keepOut(removal: Removal): Promise<void>
  /**
   * Returns the rows of a SELECT without parameters and FORMAT clause, but with a SETTINGS clause, as a Parquet file
   * while it is written. A reader that destroys the stream cancels the query.
   */
  parquet(select: string, options?: CallOptions): Promise<Readable>
  /** Returns the last known health at once, without calling the engine. */
  health(): StoreHealth
  /**
   * Returns a function that later returns whether nothing can have been written since. Only for an engine without other
   * writers.
   */
  readonly watchWrites?: () => () => boolean
  /** Waits for running calls, then closes. An embedded engine is killed after `within` ms. */
  close(within?: number): Promise<void>
}

/**
 * Maximum number of queries that wait for one connection. A request may select 100 fields, each of which takes a few
 * queries, one after another.
 */
export const maxWaitingQueries = 1000

export type Parameters = Readonly<Record<string, string | number>>

/** SQL, with the values of the parameters in it. */
export interface Statement {
  readonly sql: string
  readonly parameters: Parameters
}

export type Row = Readonly<Record<string, unknown>>

export interface Insertion {
  readonly table: string
  /** NDJSON. Each row is an object; for `snapshots` it may be the list that `encodeViewRow` returns. */
  readonly rows: Buffer
  readonly token: string
  /**
   * Whether no query of an embedded engine may run meanwhile. Used for rows that make other rows valid.
   * @default false
   */
  readonly isExclusive?: boolean
}

/** The limits of one call. */
export interface Limits {
  /** Maximum time of a query or an insert, ms. */
  readonly queryTime: number
  /** Maximum memory of the engine, bytes. One query may use half of it. */
  readonly memory: number
}

/**
 * Settings of every insert. A missing or null value must never become 0, and a resolved insert means that its rows are
 * written.
 */
export const insertSettings = {
  input_format_null_as_default: 0,
  async_insert: 0,
  // Parses text on all cores; the default does so only beyond 10 MiB.
  min_chunk_bytes_for_parallel_parsing: String(1024 ** 2),
  // Leaves copies within one insert to the merges, like those of different inserts. Removing them here takes six times
  // as long.
  optimize_on_insert: 0,
} as const

/** Returns the statement without the time limit of queries. */
export function withoutTimeLimit(statement: string): string {
  // Statements of other kinds return when the engine has recorded them; only this kind computes.
  const isCopy = /^\s*INSERT\b/.test(statement) && !/\bSETTINGS\b/.test(statement)
  return isCopy ? `${statement} SETTINGS max_execution_time = 0` : statement
}
