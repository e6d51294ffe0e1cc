import { type ChildProcess, fork } from 'node:child_process'
import { StoreError } from '../store-error.ts'
import type { EngineArguments, EngineCall, FromEngine, ToEngine } from './protocol.ts'

/** A start includes waiting for a dead owner's lock and loading the tables. */
const startMs = 60_000
/** How long an engine may take over its own time limit, or to close, before it counts as hung and is killed. */
const graceMs = 15_000

/** A running engine in a child process. */
export interface EngineProcess {
  /** The answer as NDJSON. Rejects with `engine-crashed` when the process ends first. */
  call(call: EngineCall): Promise<string>
  /** Ends the process after what is under way. */
  close(): Promise<void>
  /** Ends the process at once. */
  kill(): void
  readonly ended: Promise<void>
}

/** @throws {StoreError} `directory-locked` or `unavailable` */
export async function startEngineProcess(engineArguments: EngineArguments): Promise<EngineProcess> {
  const child = fork(new URL('engine-main.ts', import.meta.url), [JSON.stringify(engineArguments)], {
    // Rows go over as bytes, not as JSON.
    serialization: 'advanced',
    // The engine's chatter goes to stderr: stdout may carry a caller's JSON.
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: [],
    // Only what the engine needs. More threads: every query and insert holds one for its whole time.
    env: { UV_THREADPOOL_SIZE: '8', TZ: 'UTC' },
  })
  const waiting = new Map<number, Waiting>()
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      // First, so that whoever reacts to a rejected call finds the successor already starting.
      resolve()
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer)
        reject(new StoreError('engine-crashed', `the engine's process ended (${signal ?? code})`))
      }
      waiting.clear()
    })
  })
  await ready(child)
  child.on('message', (message: FromEngine) => {
    if (message.kind === 'ready' || message.kind === 'refused') return
    const caller = waiting.get(message.id)
    if (caller === undefined) return
    waiting.delete(message.id)
    clearTimeout(caller.timer)
    if (message.kind === 'done') caller.resolve(message.ndjson)
    else caller.reject(new StoreError(message.error.code, message.error.message))
  })
  let nextId = 1
  return {
    ended,
    call: (call) =>
      new Promise((resolve, reject) => {
        if (gone(child)) {
          reject(new StoreError('engine-crashed', "the engine's process has ended"))
          return
        }
        const id = nextId++
        const { queryTime } = engineArguments.limits
        const timer =
          call.kind === 'command' ? undefined : setTimeout(() => child.kill('SIGKILL'), queryTime + graceMs)
        waiting.set(id, { resolve, reject, timer })
        post(child, { kind: 'call', id, call })
      }),
    close: async () => {
      if (gone(child)) return
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      post(child, { kind: 'close' })
      await ended
      clearTimeout(timer)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

interface Waiting {
  readonly resolve: (ndjson: string) => void
  readonly reject: (error: StoreError) => void
  readonly timer: NodeJS.Timeout | undefined
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
    // An 'error' listener stays for good: without one a failed kill or send would throw into the server.
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
  })
}

function gone(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Not being able to send means that the process is dying; its end then rejects the call. */
function post(child: ChildProcess, message: ToEngine): void {
  if (child.connected) child.send(message, () => undefined)
}
