import { ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { Readable } from 'node:stream'
import { type Connection, insertSettings, type Limits, type Row } from './connection.ts'
import { engineError } from './engine-error.ts'
import { StoreError } from './store-error.ts'

/** Where a ClickHouse server listens for HTTP, and as whom to come. */
export interface ServerAddress {
  readonly url: string
  /** @default 'default' */
  readonly username?: string | undefined
  /** @default '' */
  readonly password?: string | undefined
  /** @default 'default' */
  readonly database?: string | undefined
}

/** A connection to a ClickHouse server over HTTP. */
export function connectToServer(
  { url, username = 'default', password = '', database = 'default' }: ServerAddress,
  { queryTime, memory }: Limits,
): Connection {
  const client = createClient({
    url,
    username,
    password,
    database,
    // What goes wrong is thrown; the client would print it too, with the statement and all its values.
    log: { level: ClickHouseLogLevel.OFF },
    request_timeout: queryTime + 10_000,
    clickhouse_settings: {
      max_execution_time: queryTime / 1000,
      max_memory_usage: String(Math.floor(memory / 2)),
      output_format_json_quote_64bit_integers: 0,
      wait_end_of_query: 1,
    },
  })
  return {
    query: (sql, parameters) =>
      typed(async () => {
        const result = await client.query({
          query: sql,
          query_params: { ...parameters },
          format: 'JSONEachRow',
        })
        return result.json<Row>()
      }),
    command: (sql) => typed(async () => void (await client.command({ query: sql }))),
    insert: ({ table, rows, token }) =>
      typed(async () => {
        // `insert` would parse and print every row again; what it sends in the end is this.
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} FORMAT JSONEachRow`,
          values: Readable.from([rows], { objectMode: false }),
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: token },
        })
        // The answer is empty; the connection is free for the next call when it is read.
        await stream.toArray()
      }),
    close: () => client.close(),
  }
}

async function typed<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ClickHouseError) throw engineError(error.message, error.code, error)
    throw new StoreError('unavailable', `ClickHouse server: ${String(error)}`, { cause: error })
  }
}
