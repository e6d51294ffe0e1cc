import {
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client'
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type Connection,
  insertSettings,
  type Limits,
  maxWaitingQueries,
  type Row,
  withoutTimeLimit,
} from '../connection.ts'
import { onCluster } from './cluster-connection.ts'
import { engineError } from '../engine-error.ts'
import { Heartbeat } from '../health.ts'
import { insertBody } from '../../ingest/insert-body.ts'
import { abortable } from '../queue/abortable.ts'
import type { CallOptions } from '../queue/call-options.ts'
import { FairQueue } from '../queue/fair-queue.ts'
import { quoted } from '../../model/quoted.ts'
import { Removed } from '../../retention/removed.ts'
import { StoreError } from '../../store-error.ts'

/** Where a ClickHouse server listens for HTTP. */
export interface ServerAddress {
  /** May contain user name, password and, as its path, the database: `http://user:password@host:8123/database`. */
  readonly url: string
  /** The name of the cluster that the server is a node of, when the tables are to lie on all of it. @default none */
  readonly cluster?: string | undefined
}

/** A statement that has not ended by now, ms, is given up: a step that copies 10^9 rows takes an hour or two. */
const statementTimeout = 6 * 3_600_000

/** Queries of this process that run on the server at a time; the client has ten connections. */
const queriesAtOnce = 8
/** ms between two attempts to kill a query. */
const killPauseMs = 100

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

function connectToNode({ url, cluster }: ServerAddress, { queryTime, memory }: Limits): Connection {
  const shared = cluster === undefined ? {} : clusterSettings
  const access = {
    url,
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
  const heartbeat = new Heartbeat({
    ping: async () => {
      const answer = await client.ping()
      if (!answer.success) throw answer.error
    },
  })
  let isClosed = false
  const removed = new Removed()
  const queries = new FairQueue({ running: queriesAtOnce, waiting: maxWaitingQueries })
  const everywhere = cluster === undefined ? '' : ` ON CLUSTER ${quoted(cluster)}`
  /** The server does not notice by itself that nobody waits for the answer. */
  const kill = async (queryId: string): Promise<void> => {
    await patient.command({ query: `KILL QUERY${everywhere} WHERE query_id = ${quoted(queryId)} ASYNC` })
  }

  async function cancellable<T>(run: (queryId: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const queryId = randomUUID()
    const answer = run(queryId)
    const ended = new AbortController()
    const cancel = async (): Promise<void> => {
      // Repeated, because the first one may overtake the query. If none reaches the server, the query's time limit ends it.
      while (!ended.signal.aborted) {
        await kill(queryId).catch(() => undefined)
        await delay(killPauseMs, undefined, { signal: ended.signal }).catch(() => undefined)
      }
    }
    let cancelled: Promise<void> | undefined
    const onAbort = () => {
      cancelled = cancel()
    }
    if (signal?.aborted) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return await answer
    } finally {
      ended.abort()
      signal?.removeEventListener('abort', onAbort)
      await cancelled
    }
  }

  return {
    query: (sql, parameters, { caller, signal }: CallOptions = {}) => {
      const run = async (query_id: string) => {
        const result = await client.query({
          query: sql,
          query_params: { ...parameters },
          format: 'JSONEachRow',
          query_id,
        })
        return result.json<Row>()
      }
      const answer = queries.run(() => typed(() => cancellable(run, signal)), { caller, signal })
      return abortable(answer, signal)
    },
    command: (sql, { signal } = {}) =>
      abortable(
        typed(() =>
          cancellable(async (query_id) => {
            await patient.command({ query: withoutTimeLimit(sql), query_id })
          }, signal),
        ),
        signal,
      ),
    parquet: (select) =>
      typed(async () => {
        const queryId = randomUUID()
        const { stream } = await patient.exec({
          query: `${select} FORMAT Parquet`,
          query_id: queryId,
          // The answer is as large as the site; a failure in the middle of it breaks it off.
          clickhouse_settings: { wait_end_of_query: 0 },
        })
        stream.once('close', () => {
          if (!stream.readableEnded) kill(queryId).catch(() => undefined)
        })
        return stream
      }),
    health: () => (isClosed ? { state: 'closed', answeredMsAgo: null } : heartbeat.health),
    insert: (insertion) =>
      typed(async () => {
        const body = await insertBody(insertion, removed)
        if (body === null) return
        const { into, format, bytes } = body
        // `insert` would parse and print every row again; what it sends in the end is this.
        const { stream } = await client.exec({
          query: `INSERT INTO ${into} FORMAT ${format}`,
          values: Readable.from([bytes], { objectMode: false }),
          clickhouse_settings: { ...insertSettings, insert_deduplication_token: insertion.token },
        })
        // The answer is empty; the connection is free for the next call when it is read.
        await stream.toArray()
      }),
    keepOut: async (removal) => removed.add(removal),
    close: async () => {
      isClosed = true
      heartbeat.stop()
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
