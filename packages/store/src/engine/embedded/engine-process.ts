import { type ChildProcess, fork } from 'node:child_process'
import { Heartbeat, type StoreHealth } from '../health.ts'
import { StoreError } from '../../store-error.ts'
import type { EngineArguments, EngineCall, FromEngine, ToEngine } from './protocol.ts'

/** Maximum time of a start, ms. It includes waiting for a dead owner's lock and loading the tables. */
const startMs = 60_000
/** Time beyond an insert's limit, ms, after which the engine counts as hung and is killed. */
const graceMs = 15_000
/** Maximum time of closing before the engine is killed, ms. All acknowledged rows are on the disk. */
const closeMs = 5_000
/** Time beyond a query's own limit, ms, after which it is cancelled from outside. */
const queryGraceMs = 1000
/** Maximum time that a cancelled call may take to end before the process is killed, ms. */
const cancelMs = 2000
/**
 * Time without an answer to a ping, ms, after which an engine is killed. On a full machine a ping takes a second or
 * two.
 */
const hungMs = 30_000

/** The running engines of this process. */
const living = new Set<ChildProcess>()
// An engine ends with its server, unless it is stopped or hangs.
process.on('exit', killEngines)

/**
 * Kills every engine of this process at once, even a stopped one. For a process that replaces itself without an `exit`
 * event.
 */
export function killEngines(): void {
  for (const child of living) child.kill('SIGKILL')
}

/** The environment of the engine: only the variables that it needs. */
const engineEnvironment = {
  TZ: 'UTC',
  // Every query and insert occupies a thread for its whole time.
  UV_THREADPOOL_SIZE: '8',
  // glibc returns an insert's buffers to the system when they are freed, instead of leaving holes in the heap.
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  MALLOC_ARENA_MAX: '2',
}

/** A running engine in a child process. */
export interface EngineProcess {
  /**
   * Returns the result as NDJSON when the engine has ended the call, even a cancelled one. A call that runs 2 s after
   * its cancellation ends with the process. Rejects with `engine-crashed` when the process ends first, with
   * `too-expensive` when a query exceeds its time limit, with `unavailable` when it does so because the engine does not
   * answer.
   */
  call(call: EngineCall, signal?: AbortSignal): Promise<string>
  readonly health: StoreHealth
  /** Ends the process after its running calls, or after 5 s; at once if it does not answer. */
  close(): Promise<void>
  readonly ended: Promise<void>
}

/**
 * Starts an engine's process.
 * @param killed aborted to end the process at once
 * @throws {StoreError} `directory-locked` or `unavailable`
 */
export async function startEngineProcess(
  engineArguments: EngineArguments,
  killed: AbortSignal,
): Promise<EngineProcess> {
  const { queryTime } = engineArguments.limits
  const child = fork(new URL('engine-main.ts', import.meta.url), [JSON.stringify(engineArguments)], {
    // Rows are sent as bytes, not as JSON.
    serialization: 'advanced',
    // The engine's output goes to stderr, because stdout may carry a caller's JSON.
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: ['--expose-gc'],
    env: engineEnvironment,
  })
  const waiting = new Map<number, (outcome: string | StoreError) => void>()
  const kill = () => {
    child.kill('SIGKILL')
  }
  living.add(child)
  killed.addEventListener('abort', kill, { once: true })
  if (killed.aborted) kill()
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      // This comes first, so that a caller that handles a rejected call finds the next process already starting.
      resolve()
      living.delete(child)
      killed.removeEventListener('abort', kill)
      heartbeat?.stop()
      for (const settle of waiting.values()) {
        settle(new StoreError('engine-crashed', `the engine's process ended (${signal ?? code})`))
      }
    })
  })
  let heartbeat: Heartbeat | undefined
  await ready(child)
  child.on('message', (message: FromEngine) => {
    if (message.kind === 'ready' || message.kind === 'refused') return
    const { kind, id } = message
    const settle = waiting.get(id)
    if (kind === 'done') settle?.(message.ndjson)
    else settle?.(new StoreError(message.error.code, message.error.message))
  })
  let nextId = 1

  function ask(message: (id: number) => ToEngine): { readonly id: number; readonly answer: Promise<string> } {
    const id = nextId++
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    if (hasEnded(child)) {
      reject(new StoreError('engine-crashed', "the engine's process has ended"))
      return { id, answer: promise }
    }
    waiting.set(id, (outcome) => {
      waiting.delete(id)
      if (typeof outcome === 'string') resolve(outcome)
      else reject(outcome)
    })
    post(child, message(id))
    return { id, answer: promise }
  }

  async function call(engineCall: EngineCall, signal?: AbortSignal): Promise<string> {
    const { id, answer } = ask((of) => ({ kind: 'call', id: of, call: engineCall }))
    const timers: NodeJS.Timeout[] = []
    // Answers that arrived while this event loop was busy are handled first.
    const killUnlessEnded = () =>
      setImmediate(() => {
        if (!waiting.has(id)) return
        noteSilence()
        kill()
      })
    let isLate = false
    let wasSilent = false
    const noteSilence = () => {
      wasSilent ||= heartbeat?.health.state === 'unresponsive'
    }
    const cancel = () => {
      post(child, { kind: 'cancel', id })
      timers.push(setTimeout(killUnlessEnded, cancelMs))
    }
    const onLate = () => {
      isLate = true
      noteSilence()
      cancel()
    }
    if (engineCall.kind === 'query') timers.push(setTimeout(onLate, queryTime + queryGraceMs))
    if (engineCall.kind === 'insert') timers.push(setTimeout(killUnlessEnded, queryTime + graceMs))
    // An insert is all or nothing, and its rows are still needed when the caller has left.
    const isCancellable = engineCall.kind !== 'insert'
    if (isCancellable && signal?.aborted) cancel()
    if (isCancellable) signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await answer
    } catch (error) {
      if (!isLate) throw error
      if (wasSilent) throw engineIsSilent(error)
      const seconds = queryTime / 1000
      throw new StoreError('too-expensive', `the query took more than ${seconds} s`, { cause: error })
    } finally {
      signal?.removeEventListener('abort', cancel)
      for (const timer of timers) clearTimeout(timer)
    }
  }

  const pulse = new Heartbeat({
    ping: () => ask((id) => ({ kind: 'ping', id })).answer,
    onHung: { afterMs: hungMs, call: kill },
    hasAnswered: true,
  })
  heartbeat = pulse
  return {
    ended,
    call,
    get health() {
      return pulse.health
    },
    close: async () => {
      pulse.stop()
      if (hasEnded(child)) return
      const isSilent = pulse.health.state === 'unresponsive'
      const timer = setTimeout(kill, isSilent ? 0 : closeMs)
      post(child, { kind: 'close' })
      await ended
      clearTimeout(timer)
    },
  }
}

/** Returns the error of a call while the engine's process does not answer pings. */
export function engineIsSilent(cause?: unknown): StoreError {
  return new StoreError('unavailable', 'the engine does not answer', { cause })
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let refusal = new StoreError('unavailable', 'the engine ended while it started')
    const timer = setTimeout(() => child.kill('SIGKILL'), startMs)
    const onMessage = (message: FromEngine) => {
      if (message.kind === 'refused') refusal = new StoreError(message.error.code, message.error.message)
      if (message.kind === 'ready') settle(resolve)
    }
    const onExit = () => settle(() => reject(refusal))
    const onError = (cause: Error) =>
      settle(() => reject(new StoreError('unavailable', 'the engine could not be started', { cause })))
    const settle = (outcome: () => void) => {
      clearTimeout(timer)
      child.off('message', onMessage).off('exit', onExit)
      outcome()
    }
    // The 'error' listener is never removed: without one, a failed kill or send would throw into the server.
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
  })
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Sends a message. A failure means that the process is ending; its end then rejects the call. */
function post(child: ChildProcess, message: ToEngine): void {
  if (child.connected) child.send(message, () => undefined)
}
