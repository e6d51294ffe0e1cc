import type { Connection, Limits, Row } from '../connection.ts'
import { StoreError } from '../store-error.ts'
import { type EngineProcess, startEngineProcess } from './engine-process.ts'
import type { EngineCall } from './protocol.ts'

/**
 * A connection to an engine in a child process of its own. When that dies, every call under way rejects with
 * `engine-crashed` and a new process is started at once; calls made meanwhile wait for it. When it can't be started,
 * they reject with what it said, and the next call tries again.
 * @throws {StoreError} `directory-locked` or `unavailable`
 */
export async function connectEmbedded(directory: string, limits: Limits): Promise<Connection> {
  let closed = false
  let engine: Promise<EngineProcess> | undefined
  let queries: Promise<unknown> = Promise.resolve()
  const underWay = new Set<Promise<unknown>>()

  function running(): Promise<EngineProcess> {
    if (engine !== undefined) return engine
    const started = startEngineProcess({ directory, limits })
    engine = started
    void restartAfter(started)
    return started
  }

  async function restartAfter(started: Promise<EngineProcess>): Promise<void> {
    const process = await started.catch(() => undefined)
    await process?.ended
    engine = undefined
    // What keeps the successor from starting is told to the next caller, who tries again.
    if (process !== undefined && !closed) running().catch(() => undefined)
  }

  function call(engineCall: EngineCall, turn: Promise<unknown> = Promise.resolve()): Promise<string> {
    if (closed) return Promise.reject(new StoreError('closed', 'the store is closed'))
    const answer = turn.then(running).then((process) => process.call(engineCall))
    const settled = answer.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
    return answer
  }

  await running()
  return {
    query: async (sql, parameters) => {
      // One at a time: so the engine runs bound queries anyway, and a query's time limit must not count a queue.
      const answer = call({ kind: 'query', sql, parameters }, queries)
      queries = answer.catch(() => undefined)
      return parseRows(await answer)
    },
    command: async (sql) => void (await call({ kind: 'command', sql })),
    insert: async (insertion) => void (await call({ kind: 'insert', ...insertion })),
    close: async () => {
      if (closed) return
      closed = true
      await Promise.all(underWay)
      const process = await engine?.catch(() => undefined)
      await process?.close()
    },
  }
}

function parseRows(ndjson: string): Row[] {
  const lines = ndjson.split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row)
}
