import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, type Limits, maxWaitingQueries, type Row } from '../connection.ts'
import { abortable } from '../queue/abortable.ts'
import type { CallOptions } from '../queue/call-options.ts'
import { FairQueue } from '../queue/fair-queue.ts'
import type { Removal } from '../../retention/removed.ts'
import { StoreError } from '../../store-error.ts'
import { engineIsSilent, type EngineProcess, startEngineProcess } from './engine-process.ts'
import { ExportFiles } from './export-files.ts'
import type { EngineCall } from './protocol.ts'
import { RestartPause } from './restart-pause.ts'

/** Maximum time of closing, ms: well within the 30 s that supervisors give a server to stop. */
const defaultCloseTimeout = 10_000

/** Maximum number of running queries: chDB binds the parameters of one statement per process. */
const queriesAtOnce = 1
/**
 * Maximum number of writes in the engine's process: while it writes one, it converts the rows of the next to columns.
 */
const writesAtOnce = 3
const maxWrites = 100
/** Each export uses all processors. */
const exportsAtOnce = 1
const maxExports = 20

/**
 * Connects to an engine in a child process. When the process dies, its running calls reject with `engine-crashed`.
 * Queries do so too, because the query may have caused the crash. A new process starts, after a growing pause if
 * processes keep dying. New and waiting calls wait for it. If it cannot be started, they reject with its error, and the
 * next call tries again. While a process does not answer pings, new calls reject with `unavailable`.
 * @param closeTimeout maximum ms of closing, unless the call says otherwise
 * @throws {StoreError} `directory-locked` or `unavailable`
 */
export async function connectEmbedded(
  directory: string,
  limits: Limits,
  closeTimeout: number = defaultCloseTimeout,
): Promise<Connection> {
  let isClosing = false
  const impatient = new AbortController()
  let engine: StartedEngine | undefined
  const queries = new FairQueue({ running: queriesAtOnce, waiting: maxWaitingQueries })
  const writeQueue = new FairQueue({ running: writesAtOnce, waiting: maxWrites })
  const exportQueue = new FairQueue({ running: exportsAtOnce, waiting: maxExports })
  const underWay = new Set<Promise<unknown>>()
  const restartPause = new RestartPause()
  const keptOut: Removal[] = []

  function running(pause = 0): Promise<EngineProcess> {
    if (engine !== undefined) return engine.starting
    const starting = delay(pause, undefined, { signal: impatient.signal })
      .then(() => startEngineProcess({ directory, limits }, impatient.signal))
      .then(async (process) => {
        // Removals are sent before any insertion, because a new process knows none.
        if (keptOut.length > 0) await process.call({ kind: 'keep-out', removals: keptOut })
        return process
      })
    const started: StartedEngine = { starting }
    engine = started
    follow(started).catch(() => undefined)
    return starting
  }

  async function follow(started: StartedEngine): Promise<void> {
    // Calls that wait for the process reject with the reason. The next call tries again.
    started.running = await started.starting.catch(() => undefined)
    const since = performance.now()
    await started.running?.ended
    engine = undefined
    if (started.running === undefined || isClosing) return
    // An error of the next start is reported to the next caller, which tries again.
    running(restartPause.after(performance.now() - since)).catch(() => undefined)
  }

  const isSilent = () => engine?.running?.health.state === 'unresponsive'

  async function call(engineCall: EngineCall, queue: FairQueue, options: CallOptions = {}): Promise<string> {
    if (isClosing) throw storeIsClosed()
    if (isSilent()) throw engineIsSilent()
    const answer = queue
      .run(async () => (await running()).call(engineCall, options.signal), options)
      .catch((error: unknown) => {
        throw impatient.signal.aborted ? storeIsClosed(error) : error
      })
    const settled = answer.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
    // The queue waits until the engine has ended a cancelled query. The caller does not.
    return engineCall.kind === 'insert' ? answer : abortable(answer, options.signal)
  }

  const writes = { begun: 0, inHand: 0 }
  async function write(engineCall: EngineCall, queue: FairQueue, options?: CallOptions): Promise<void> {
    writes.begun++
    writes.inHand++
    await call(engineCall, queue, options).finally(() => writes.inHand--)
  }
  const exports = new ExportFiles(directory)
  await running()
  await exports.clear()
  return {
    query: async (sql, parameters, options) =>
      parseRows(await call({ kind: 'query', sql, parameters }, queries, options)),
    command: (sql, options) => write({ kind: 'command', sql }, writeQueue, options),
    parquet: async (select, options = {}) =>
      exports.parquet(select, async (sql, left) => {
        const signal = options.signal === undefined ? left : AbortSignal.any([options.signal, left])
        await call({ kind: 'export', sql }, exportQueue, { ...options, signal })
      }),
    insert: (insertion, options) =>
      write({ kind: 'insert', ...insertion }, insertion.isExclusive ? queries : writeQueue, options),
    keepOut: async (removal) => {
      keptOut.push(removal)
      try {
        await call({ kind: 'keep-out', removals: [removal] }, writeQueue)
      } catch (error) {
        // The next process receives it when it starts.
        if (!(error instanceof StoreError && error.code === 'engine-crashed')) throw error
      }
    },
    watchWrites: () => {
      const { begun, inHand } = writes
      // Running calls may take effect at any moment.
      return () => inHand === 0 && writes.begun === begun
    },
    health: () => {
      if (isClosing) return { state: 'closed', answeredMsAgo: null }
      if (engine === undefined) return { state: 'down', answeredMsAgo: null }
      return engine.running?.health ?? { state: 'starting', answeredMsAgo: null }
    },
    close: async (within = closeTimeout) => {
      if (isClosing) return
      isClosing = true
      // An unresponsive process would not end by itself.
      const timer = setTimeout(() => impatient.abort(), isSilent() ? 0 : within)
      await Promise.all(underWay)
      const process = await engine?.starting.catch(() => undefined)
      await process?.close()
      clearTimeout(timer)
    },
  }
}

interface StartedEngine {
  readonly starting: Promise<EngineProcess>
  /** The process, once it has started. */
  running?: EngineProcess | undefined
}

function storeIsClosed(cause?: unknown): StoreError {
  return new StoreError('closed', 'the store is closed', { cause })
}

function parseRows(ndjson: string): Row[] {
  const lines = ndjson.split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
