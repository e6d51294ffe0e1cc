import { setTimeout as delay } from 'node:timers/promises'
import type { Connection, Limits, Row } from '../connection.ts'
import { StoreError } from '../store-error.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import { ExportFiles } from './export-files.ts'
import type { EngineCall } from './protocol.ts'
import { RestartPause } from './restart-pause.ts'

/** How long a closing waits for what is under way, ms: well within the 30 s that supervisors give a server to stop. */
const closePatience = 10_000

/**
 * A connection to an engine in a child process of its own. When that dies, every call it had in hand rejects with
 * `engine-crashed` – a query too, though it could be asked again: it may be what the engine died of – and a new process
 * is started, later each time when it keeps dying. Calls made meanwhile, and queries that had not had their turn, wait
 * for it. When it can't be started, they reject with what it said, and the next call tries again.
 * @param patience ms that closing waits for what is under way; what takes longer is killed and rejects with `closed`
 * @throws {StoreError} `directory-locked` or `unavailable`
 */
export async function connectEmbedded(
  directory: string,
  limits: Limits,
  patience: number = closePatience,
): Promise<Connection> {
  let isClosing = false
  const impatient = new AbortController()
  let engine: Promise<EngineProcess> | undefined
  let queries: Promise<unknown> = Promise.resolve()
  const underWay = new Set<Promise<unknown>>()
  const restartPause = new RestartPause()

  function running(pause = 0): Promise<EngineProcess> {
    if (engine !== undefined) return engine
    const started = delay(pause, undefined, { signal: impatient.signal }).then(() =>
      startEngineProcess({ directory, limits }),
    )
    engine = started
    void restartAfter(started)
    return started
  }

  async function restartAfter(started: Promise<EngineProcess>): Promise<void> {
    const process = await started.catch(() => undefined)
    const since = performance.now()
    await process?.ended
    engine = undefined
    if (process === undefined || isClosing) return
    // What keeps the successor from starting is told to the next caller, who tries again.
    running(restartPause.after(performance.now() - since)).catch(() => undefined)
  }

  function call(engineCall: EngineCall, turn: Promise<unknown> = Promise.resolve()): Promise<string> {
    if (isClosing) return Promise.reject(storeIsClosed())
    const answer = turn
      .then(() => running())
      .then((process) => process.call(engineCall))
      .catch((error: unknown) => {
        throw impatient.signal.aborted ? storeIsClosed(error) : error
      })
    const settled = answer.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
    return answer
  }

  const writes = { begun: 0, inHand: 0 }
  const write = async (engineCall: EngineCall): Promise<void> => {
    writes.begun++
    writes.inHand++
    await call(engineCall).finally(() => writes.inHand--)
  }
  const exports = new ExportFiles(directory)
  await running()
  await exports.clear()
  const command = (sql: string) => write({ kind: 'command', sql })
  return {
    query: async (sql, parameters) => {
      // One at a time: so the engine runs bound queries anyway, and a query's time limit must not count a queue.
      const answer = call({ kind: 'query', sql, parameters }, queries)
      queries = answer.catch(() => undefined)
      return parseRows(await answer)
    },
    command,
    parquet: async (select) => exports.parquet(select, command),
    insert: (insertion) => write({ kind: 'insert', ...insertion }),
    watchWrites: () => {
      const { begun, inHand } = writes
      // What is in hand now may take effect at any moment.
      return () => inHand === 0 && writes.begun === begun
    },
    close: async () => {
      if (isClosing) return
      isClosing = true
      const timer = setTimeout(() => {
        impatient.abort()
        void engine?.then((process) => process.kill()).catch(() => undefined)
      }, patience)
      await Promise.all(underWay)
      clearTimeout(timer)
      const process = await engine?.catch(() => undefined)
      await process?.close()
    },
  }
}

function storeIsClosed(cause?: unknown): StoreError {
  return new StoreError('closed', 'the store is closed', { cause })
}

function parseRows(ndjson: string): Row[] {
  const lines = ndjson.split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
