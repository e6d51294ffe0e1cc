import type { ConstructorOptions } from 'pg-boss'

/** Runs SQL statements with `$1` parameters and returns their rows. */
export interface Sql {
  query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]>
}

/** A Postgres database, embedded in this process or on a server. The same SQL runs on both. */
export interface Database extends Sql {
  /** Runs `work` in one transaction and rolls it back if `work` rejects. Inside, use only the `sql` that `work` gets. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Options that connect the job queue to this database. */
  readonly jobOptions: ConstructorOptions
  /** Whether no other process can use this database. */
  readonly exclusive: boolean
  /**
   * Frees the space of deleted rows and renews the planner's statistics, table by table: queries run in between. A server
   * does that by itself.
   */
  vacuum(): Promise<void>
  /** Call this after the clock of this machine was set back. */
  clockWasSetBack(): Promise<void>
  close(): Promise<void>
}
