import type { Readable } from 'node:stream'
import type { StoreHealth } from './health.ts'
import type { CallOptions } from './queue/call-options.ts'
import type { Removal } from '../retention/removed.ts'

/** A ClickHouse engine, wherever it runs. The same SQL goes to each; every call rejects with a `StoreError` only. */
export interface Connection {
  /**
   * Rows of a SELECT without FORMAT or SETTINGS clause, as JSON has them. `{name:Type}` in the SQL stands for a parameter.
   * Queries wait in a bounded queue that is fair between callers.
   */
  query(sql: string, parameters: Parameters, options?: CallOptions): Promise<Row[]>
  /**
   * A statement that answers nothing and takes the time that it takes: a step of the schema may rewrite all rows. A signal
   * cancels a running `INSERT … SELECT`; other statements are only kept from beginning.
   */
  command(sql: string, options?: CallOptions): Promise<void>
  /** Rows into a table, all or nothing; the same rows under the same token at most once. A signal only keeps it from beginning. */
  insert(insertion: Insertion, options?: CallOptions): Promise<void>
  /**
   * When it resolves, an insertion that begins writes no row of what was removed. To be called once for each removal. Rows
   * are compared where they are parsed anyway: an embedded engine does it in its own process.
   */
  keepOut(removal: Removal): Promise<void>
  /**
   * Rows of a SELECT without parameters and FORMAT clause, but with one of SETTINGS, as a Parquet file while it is written.
   * A reader that destroys the stream cancels the query.
   */
  parquet(select: string, options?: CallOptions): Promise<Readable>
  /** Answers at once, from what is known of the engine. */
  health(): StoreHealth
  /** Only of an engine that nobody else writes to: the answer tells, later, whether nothing can have been written since. */
  readonly watchWrites?: () => () => boolean
  /** Ends what is under way; of an embedded engine within so many ms, after which its process is killed. */
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
  /** NDJSON: each row an object, or of `snapshots` what `encodeViewRow` makes of it. */
  readonly rows: Buffer
  readonly token: string
  /**
   * Embedded: no query runs while these rows are written, for rows that make other rows valid.
   * @default false
   */
  readonly isExclusive?: boolean
}

/** What one call may take. */
export interface Limits {
  /** ms of a query or an insert at most. */
  readonly queryTime: number
  /** bytes the engine may hold; one query may take half of it. */
  readonly memory: number
}

/** Settings of every insert: what is missing or null must never become a 0, and an answer means it is written. */
export const insertSettings = {
  input_format_null_as_default: 0,
  async_insert: 0,
  // Text is parsed on all cores; by default only past 10 MiB.
  min_chunk_bytes_for_parallel_parsing: String(1024 ** 2),
  // Copies within one insert are left to the merges, as those of different ones are: it takes six times as long here.
  optimize_on_insert: 0,
} as const

/** The statement, whatever the time limit of queries is. */
export function withoutTimeLimit(statement: string): string {
  // Statements of other kinds end when they are noted; only this one computes.
  const isCopy = /^\s*INSERT\b/.test(statement) && !/\bSETTINGS\b/.test(statement)
  return isCopy ? `${statement} SETTINGS max_execution_time = 0` : statement
}
