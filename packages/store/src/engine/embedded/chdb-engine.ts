import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Session } from 'chdb'
import { type Insertion, insertSettings, type Limits, withoutTimeLimit } from '../connection.ts'
import { insertBody } from '../../ingest/insert-body.ts'
import { Removed } from '../../retention/removed.ts'
import { insertFromFile } from './insert-from-file.ts'
import { callMark, markedStatement } from './marked-statement.ts'
import type { EngineArguments, EngineCall } from './protocol.ts'

type QueryCall = Extract<EngineCall, { readonly kind: 'query' }>

/** ms between two attempts to kill a call's statement, which may not have started yet. */
const killPauseMs = 25

/** chDB on a directory. Running statements can be cancelled. */
export interface ChdbEngine {
  /** Returns the result as NDJSON. No other running call may use `id`. */
  run(id: number, call: EngineCall): Promise<string>
  /** Kills the statement of a call unless it has ended. Resolves when the call has settled. */
  cancel(id: number): Promise<void>
  /** Resolves when the engine has answered a query without tables, whatever else it runs. */
  ping(): Promise<void>
  /** Returns unused memory to the system. */
  releaseMemory(): Promise<void>
  /** Waits for running statements, then closes. */
  close(): Promise<void>
}

/**
 * Opens chDB. A session runs one statement at a time, so each kind of statement has a session of its own: queries do
 * not wait for writes, and writes not for an export. The session for kills and pings never waits.
 */
export async function openChdb({ directory, limits }: EngineArguments): Promise<ChdbEngine> {
  /** The folder of a block while it is inserted. The engine accepts a relative path for a file among its own. */
  const inserts = resolve(directory, 'inserts')
  // Removes files of a killed process.
  await rm(inserts, { recursive: true, force: true })
  await mkdir(inserts)
  const open = () => new Session(directory, { connectionArgs: connectionArguments(limits) })
  const sessions = { queries: open(), writes: open(), exports: open(), control: open() }
  const running = new Map<number, Promise<unknown>>()
  const removed = new Removed()

  /** The last query and what followed it. */
  let lastQuery: Promise<unknown> = Promise.resolve()

  async function rowsOf(sql: string, parameters: QueryCall['parameters']): Promise<string> {
    const result = await sessions.queries.queryBindAsync(sql, { ...parameters }, { format: 'JSONEachRow' })
    return result.text()
  }

  /**
   * Runs queries one after another. What a query wrote before it failed or was killed stays in its session, and chDB puts
   * it before the rows of the next one: another query takes it away.
   */
  function query(sql: string, parameters: QueryCall['parameters']): Promise<string> {
    const answered = lastQuery.then(() => rowsOf(sql, parameters))
    lastQuery = answered.then(
      // The rows must not stay in memory until the next query.
      () => undefined,
      () => rowsOf('SELECT 1', {}).catch(() => undefined),
    )
    return answered
  }

  async function answer(id: number, call: EngineCall): Promise<string> {
    switch (call.kind) {
      case 'query':
        return query(markedStatement(call.sql, id), call.parameters)
      case 'command': {
        const sql = withoutTimeLimit(call.sql)
        await sessions.writes.queryAsync(isCopy(sql) ? markedStatement(sql, id) : sql)
        return ''
      }
      case 'export':
        await sessions.exports.queryAsync(markedStatement(call.sql, id))
        return ''
      case 'insert':
        await insert(call, { session: sessions.writes, inserts, removed })
        return ''
      case 'keep-out':
        for (const removal of call.removals) removed.add(removal)
        return ''
    }
  }

  return {
    run: (id, call) => {
      const answered = answer(id, call)
      const ended = answered.catch(() => undefined).finally(() => running.delete(id))
      running.set(id, ended)
      return answered
    },
    cancel: async (id) => {
      const sql = `KILL QUERY WHERE Settings['log_comment'] = '${callMark(id)}' ASYNC`
      while (running.has(id)) {
        await sessions.control.queryAsync(sql)
        await Promise.race([running.get(id), delay(killPauseMs)])
      }
    },
    ping: async () => {
      await sessions.control.queryAsync('SELECT 1')
    },
    releaseMemory: async () => {
      globalThis.gc?.()
      await sessions.control.queryAsync('SYSTEM JEMALLOC PURGE')
    },
    close: async () => {
      await Promise.all(running.values())
      for (const session of Object.values(sessions)) session.close()
    },
  }
}

function connectionArguments(limits: Limits): string[] {
  return [
    `--max_server_memory_usage=${limits.memory}`,
    `--max_memory_usage=${Math.floor(limits.memory / 2)}`,
    // The caches' defaults (5 GiB each) would use all memory and leave nothing for queries.
    `--mark_cache_size=${Math.floor(limits.memory / 8)}`,
    `--primary_index_cache_size=${Math.floor(limits.memory / 8)}`,
    `--max_execution_time=${limits.queryTime / 1000}`,
    // Compiling an expression to machine code takes longer (27 ms a report instead of 11) than it saves.
    '--compile_expressions=0',
    '--compile_aggregate_expressions=0',
  ]
}

/**
 * Returns whether a statement computes. Statements of other kinds return when they are recorded, and accept no further
 * settings.
 */
function isCopy(statement: string): boolean {
  return /^\s*INSERT\b/.test(statement)
}

interface Inserting {
  readonly session: Session
  /** The folder of blocks. */
  readonly inserts: string
  readonly removed: Removed
}

async function insert(insertion: Insertion, { session, inserts, removed }: Inserting): Promise<void> {
  const body = await insertBody(insertion, removed)
  if (body === null) return
  const { into, format, bytes } = body
  if (format !== 'Native') {
    const settings = { ...insertSettings, insert_deduplication_token: insertion.token }
    await session.insert({ table: into, values: bytes, format, settings })
    return
  }
  const path = join(inserts, `${randomUUID()}.native`)
  try {
    await writeFile(path, bytes, { mode: 0o600 })
    await session.queryAsync(insertFromFile(into, path, insertion.token))
  } finally {
    await rm(path, { force: true })
  }
}
