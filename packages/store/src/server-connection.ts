import {
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client'
import { Readable } from 'node:stream'
import { type Connection, insertSettings, type Limits, type Row, withoutTimeLimit } from './connection.ts'
import { onCluster } from './cluster-connection.ts'
import { engineError } from './engine-error.ts'
import { insertBody } from './insert-body.ts'
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
  /** The name of the cluster that the server is a node of, when the tables are to lie on all of it. @default none */
  readonly cluster?: string | undefined
}

/** A statement that has not ended by now, ms, is given up: a step that copies 10^9 rows takes an hour or two. */
const statementTimeout = 6 * 3_600_000

/** A connection to a ClickHouse server over HTTP, or to a cluster through one of its nodes. */
export function connectToServer(address: ServerAddress, limits: Limits): Connection {
  const connection = connectToNode(address, limits)
  return address.cluster === undefined ? connection : onCluster(connection, address.cluster)
}

/** An insert into a Distributed table is answered when the shards have it; a statement, when all nodes did it. */
const clusterSettings: ClickHouseSettings = {
  distributed_foreground_insert: 1,
  distributed_ddl_task_timeout: String(statementTimeout / 1000),
}

function connectToNode(
  { url, username = 'default', password = '', database = 'default', cluster }: ServerAddress,
  { queryTime, memory }: Limits,
): Connection {
  const shared = cluster === undefined ? {} : clusterSettings
  const access = {
    url,
    username,
    password,
    database,
    // What goes wrong is thrown; the client would print it too, with the statement and all its values.
    log: { level: ClickHouseLogLevel.OFF },
  }
  const client = createClient({
    ...access,
    request_timeout: queryTime + 10_000,
    clickhouse_settings: {
      ...shared,
      max_execution_time: queryTime / 1000,
      max_memory_usage: String(Math.floor(memory / 2)),
      output_format_json_quote_64bit_integers: 0,
      wait_end_of_query: 1,
    },
  })
  const patient = createClient({
    ...access,
    request_timeout: statementTimeout,
    clickhouse_settings: { ...shared, wait_end_of_query: 1 },
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
    command: (sql) => typed(async () => void (await patient.command({ query: withoutTimeLimit(sql) }))),
    parquet: (select) =>
      typed(async () => {
        const { stream } = await patient.exec({
          query: `${select} FORMAT Parquet`,
          // The answer is as large as the site; a failure in the middle of it breaks it off.
          clickhouse_settings: { wait_end_of_query: 0 },
        })
        return stream
      }),
    insert: (insertion) =>
      typed(async () => {
        const { into, format, bytes } = await insertBody(insertion)
        // `insert` would parse and print every row again; what it sends in the end is this.
        const { stream } = await client.exec({
          query: `INSERT INTO ${into} FORMAT ${format}`,
          values: Readable.from([bytes], { objectMode: false }),
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: insertion.token },
        })
        // The answer is empty; the connection is free for the next call when it is read.
        await stream.toArray()
      }),
    close: async () => {
      await client.close()
      await patient.close()
    },
  }
}

async function typed<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof StoreError) throw error
    if (error instanceof ClickHouseError) throw engineError(error.message, error.code, error)
    throw new StoreError('unavailable', `ClickHouse server: ${String(error)}`, { cause: error })
  }
}
