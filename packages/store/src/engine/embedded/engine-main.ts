// The process that owns an embedded engine's directory. chDB allows one directory per process, and a crash in it must
// not end the server.
import { DirectoryLockError, lockDirectory } from '@peerpress/directory-lock'
import { engineError } from '../engine-error.ts'
import { StoreError } from '../../store-error.ts'
import { type ChdbEngine, openChdb } from './chdb-engine.ts'
import { killOrphan, recordEngine } from './engine-record.ts'
import type { EngineArguments, Failure, FromEngine, ToEngine } from './protocol.ts'

/** A killed owner's lock is released within this time, ms. */
const lockWaitMs = 5_000

/** ms without a call after which memory is returned to the system. */
const idleMs = 5_000

const engineArguments = JSON.parse(process.argv[2] ?? '') as EngineArguments

// The parent decides when this process ends. A Ctrl-C reaches the whole process group and must not end it first.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
// The parent has ended. All acknowledged rows are on the disk, so the process ends at once for the next owner.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// Every call has a promise of its own. An error outside them is reported and fails no call.
process.on('unhandledRejection', (error) => console.error('store engine: a promise was rejected:', error))

try {
  const { directory } = engineArguments
  await killOrphan(directory)
  await lockDirectory(directory, { wait: lockWaitMs })
  await recordEngine(directory)
  serve(await openChdb(engineArguments))
  send({ kind: 'ready' })
} catch (error) {
  const { code, message } =
    error instanceof StoreError || error instanceof DirectoryLockError
      ? error
      : new StoreError('unavailable', `${engineArguments.directory}: ${String(error)}`)
  send({ kind: 'refused', error: { code, message } })
  process.exitCode = 1
  process.removeAllListeners('disconnect')
  if (process.connected) process.disconnect()
}

function serve(engine: ChdbEngine): void {
  // A build without jemalloc refuses this; it has no memory to return.
  const release = () => {
    engine.releaseMemory().catch(() => undefined)
  }
  const idle = setTimeout(release, idleMs).unref()
  process.on('message', (message: ToEngine) => {
    switch (message.kind) {
      case 'call':
        idle.refresh()
        answer(message.id, engine.run(message.id, message.call))
        break
      case 'ping':
        answer(
          message.id,
          engine.ping().then(() => ''),
        )
        break
      case 'cancel':
        // The parent kills this process if the call does not end.
        engine.cancel(message.id).catch((error: unknown) => console.error('store engine: KILL QUERY:', error))
        break
      case 'close':
        engine.close().then(
          () => process.exit(0),
          () => process.exit(1),
        )
        break
    }
  })
}

function answer(id: number, ndjson: Promise<string>): void {
  ndjson
    .then((text) => send({ kind: 'done', id, ndjson: text }))
    .catch((error: unknown) => send({ kind: 'failed', id, error: failure(error) }))
}

function failure(error: unknown): Failure {
  if (error instanceof StoreError) return { code: error.code, message: error.message }
  const clickhouseCode =
    error instanceof Error && 'clickhouseCode' in error ? error.clickhouseCode : undefined
  const { code, message } = engineError(String(error), clickhouseCode)
  return { code, message }
}

/** Sends a message. Without a parent it is dropped, and this process ends by `disconnect`. */
function send(message: FromEngine): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}
