// The process that owns an embedded engine's directory, and the only file that knows chDB: upstream calls its
// connection experimental, allows one directory a process, and a crash in it must not take the server along.
import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Session } from 'chdb'
import { type Insertion, insertSettings, withoutTimeLimit } from '../connection.ts'
import { lockDirectory } from '../directory-lock.ts'
import { engineError } from '../engine-error.ts'
import { insertBody } from '../insert-body.ts'
import { StoreError } from '../store-error.ts'
import { insertFromFile } from './insert-from-file.ts'
import type { EngineArguments, EngineCall, Failure, FromEngine, ToEngine } from './protocol.ts'

/** An owner that was killed lets go within this time. */
const lockWaitMs = 5_000

const { directory, limits } = JSON.parse(process.argv[2] ?? '') as EngineArguments
/** Where a block lies while it is inserted; the engine takes what is not absolute for something within its own files. */
const inserts = resolve(directory, 'inserts')

// The parent decides when this process ends; a Ctrl-C reaches the whole group and must not overtake it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// The parent is gone. What it was answered is on the disk, so nothing is worth delaying the next owner for.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))

try {
  await lockDirectory(directory, lockWaitMs)
  // With what a killed process left.
  await rm(inserts, { recursive: true, force: true })
  await mkdir(inserts)
  serve(openSession())
  send({ kind: 'ready' })
} catch (error) {
  const { code, message } =
    error instanceof StoreError ? error : new StoreError('unavailable', `${directory}: ${String(error)}`)
  send({ kind: 'refused', error: { code, message } })
  process.exitCode = 1
  process.removeAllListeners('disconnect')
  process.disconnect()
}

function openSession(): Session {
  return new Session(directory, {
    connectionArgs: [
      `--max_server_memory_usage=${limits.memory}`,
      `--max_memory_usage=${Math.floor(limits.memory / 2)}`,
      // The caches' own defaults (5 GiB each) would fill the allowance and leave nothing for queries.
      `--mark_cache_size=${Math.floor(limits.memory / 8)}`,
      `--primary_index_cache_size=${Math.floor(limits.memory / 8)}`,
      `--max_execution_time=${limits.queryTime / 1000}`,
      // Compiling an expression to machine code takes longer (27 ms a report instead of 11) than it saves here.
      '--compile_expressions=0',
      '--compile_aggregate_expressions=0',
    ],
  })
}

function serve(session: Session): void {
  process.on('message', (message: ToEngine) => {
    if (message.kind === 'close') {
      session.close()
      process.exit(0)
    }
    const { id, call } = message
    run(session, call).then(
      (ndjson) => send({ kind: 'done', id, ndjson }),
      (error: unknown) => send({ kind: 'failed', id, error: failure(error) }),
    )
  })
}

async function run(session: Session, call: EngineCall): Promise<string> {
  switch (call.kind) {
    case 'query': {
      const result = await session.queryBindAsync(call.sql, { ...call.parameters }, { format: 'JSONEachRow' })
      return result.text()
    }
    case 'command':
      await session.queryAsync(withoutTimeLimit(call.sql))
      return ''
    case 'insert':
      await insert(session, call)
      return ''
  }
}

async function insert(session: Session, insertion: Insertion): Promise<void> {
  const { into, format, bytes } = await insertBody(insertion)
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

function failure(error: unknown): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message }
  const clickhouseCode =
    error instanceof Error && 'clickhouseCode' in error ? error.clickhouseCode : undefined
  const { code, message } = engineError(String(error), clickhouseCode)
  return { code, message }
}

function send(message: FromEngine): void {
  process.send?.(message)
}
