import type { Connection } from '../connection.ts'
import type { CallOptions } from './call-options.ts'

/** Returns the connection with these options for every call that has none of its own. */
export function onBehalfOf(connection: Connection, options: CallOptions): Connection {
  return {
    ...connection,
    query: (sql, parameters, own) => connection.query(sql, parameters, { ...options, ...own }),
    command: (sql, own) => connection.command(sql, { ...options, ...own }),
    insert: (insertion, own) => connection.insert(insertion, { ...options, ...own }),
    parquet: (select, own) => connection.parquet(select, { ...options, ...own }),
  }
}
