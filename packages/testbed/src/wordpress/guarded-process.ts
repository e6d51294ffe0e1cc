import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { TestbedError } from '../testbed-error.ts'

/** A child that cannot outlive this process, even when this process is killed with SIGKILL. */
export interface GuardedProcess {
  /** Resolves when the child has exited. */
  readonly exited: Promise<void>
  readonly running: () => boolean
  /** Standard output and standard error so far. */
  readonly log: () => Promise<string>
  /** SIGKILL to the child and everything it started. */
  readonly kill: () => Promise<void>
}

// The pipe on standard input is closed by the kernel however this process ends; then the whole group goes.
const guard = `exec 3<&0
{ cat <&3 >/dev/null; kill -KILL 0; } &
"$@" </dev/null 3<&-
exit $?`

/** Starts `command` in a process group of its own, with its output in the file `logFile`. */
export async function startGuarded(
  command: readonly string[],
  logFile: string,
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<GuardedProcess> {
  const output = await open(logFile, 'a')
  const child = spawn('sh', ['-c', guard, 'sh', ...command], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['pipe', output.fd, output.fd],
  })
  await once(child, 'spawn')
  await output.close()
  child.unref()
  ;(child.stdin as Socket).unref()

  const running = (): boolean => child.exitCode === null && child.signalCode === null
  const exited = once(child, 'exit').then(() => undefined)
  return {
    exited,
    running,
    log: () => readFile(logFile, 'utf8'),
    kill: async () => {
      const group = -child.pid!
      try {
        process.kill(group, 'SIGKILL')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
      }
      child.ref()
      if (running()) await exited
    },
  }
}

/**
 * Tries `probe` every 25 ms until it holds.
 * @throws {TestbedError} `not-started` with the child's output when the child ends first or 30 s pass.
 */
export async function waitUntilReady(
  child: GuardedProcess,
  what: string,
  probe: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await probe())) {
    if (!child.running() || Date.now() > deadline) {
      throw new TestbedError('not-started', `${what} did not start:\n${await child.log()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
