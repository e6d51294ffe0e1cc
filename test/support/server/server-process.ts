import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readOperatorToken, repositoryDirectory } from '@peerpress/cli'

/** A server in a process of its own, as `./peerpress start` runs it. */
export interface ServerProcess {
  readonly url: string
  readonly dataDirectory: string
  /** Of the process that runs now. */
  pid(): number | undefined
  /** All lines that it has printed so far, also before a restart. */
  printed(): readonly string[]
  /** The operator's token of this server. */
  token(): Promise<string>
  /** `kill -9`; resolves when the process is gone. The data stays. */
  kill(): Promise<void>
  /** Lets it end in order; the data stays. */
  stop(): Promise<void>
  /** Starts it again on the same port and data. */
  restart(): Promise<void>
  /** Ends it and removes the data. */
  close(): Promise<void>
}

/** Longest time a server may take to open its engines, ms. */
const startTimeout = 60_000

/** Starts a server on a free port, with these variables in its environment, and on fresh data unless there are some. */
export async function startServerProcess(
  environment: Readonly<Record<string, string>> = {},
  data?: string,
): Promise<ServerProcess> {
  const dataDirectory = data ?? (await mkdtemp(join(tmpdir(), 'peerpress-server-')))
  const printed: string[] = []
  const launching = { environment, printed }
  let { child, url } = await launch(dataDirectory, { ...launching, port: '0' })
  const { port } = new URL(url)
  return {
    url,
    dataDirectory,
    pid: () => child.pid,
    printed: () => printed,
    token: () => readOperatorToken(dataDirectory),
    async kill() {
      await end(child, 'SIGKILL')
    },
    async stop() {
      await end(child, 'SIGTERM')
    },
    async restart() {
      ;({ child, url } = await launch(dataDirectory, { ...launching, port }))
    },
    async close() {
      await end(child, 'SIGTERM')
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

interface Launch {
  readonly port: string
  readonly environment: Readonly<Record<string, string>>
  /** Where the lines go that it prints. */
  readonly printed: string[]
}

async function launch(
  dataDirectory: string,
  { port, environment, printed }: Launch,
): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  const child = spawn(
    process.execPath,
    [main, 'start', '--no-build', '--public-reports', '--port', port, '--data', dataDirectory],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PEERPRESS_TRUST_PROXY: 'loopback',
        // A probe's browser would take processor time from other tests.
        PEERPRESS_CHROMIUM_PATH: 'none',
        ...environment,
      },
    },
  )
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  const signal = AbortSignal.timeout(startTimeout)
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line))
  const lines = createInterface({ input: child.stderr })
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server ${why}:\n${printed.join('\n')}`))
    lines.on('line', (line) => {
      printed.push(line)
      const [, found] = /listens at (http:\S+)/.exec(line) ?? []
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => fail(`ended with ${code}`))
    signal.addEventListener('abort', () => fail('did not start in time'))
  }).catch(async (error: unknown) => {
    await end(child, 'SIGKILL')
    throw error
  })
  return { child, url }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
