import type { ConstructorOptions } from 'pg-boss'

/** Runs one SQL statement with `$1` parameters and gives its rows. */
export interface Sql {
  query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]>
}

/** A Postgres, in-process or a server. The same SQL runs on both. */
export interface Database extends Sql {
  /** Runs `work` in one transaction; rolled back when it throws. Only use the `sql` it is given inside. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** How the job queue reaches this database. */
  readonly jobOptions: ConstructorOptions
  /** No other process can be at work on this database's jobs. */
  readonly exclusive: boolean
  /** To be called when the clock of this machine was set back. */
  clockWasSetBack(): Promise<void>
  close(): Promise<void>
}
