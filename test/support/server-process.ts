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
  /** The operator's token of this server. */
  token(): Promise<string>
  /** `kill -9`; resolves when the process is gone. The data stays. */
  kill(): Promise<void>
  /** Starts it again on the same port and data. */
  restart(): Promise<void>
  /** Ends it and removes the data. */
  close(): Promise<void>
}

/** Longest time a server may take to open its engines, ms. */
const startTimeout = 60_000

/** Starts a server on a free port and fresh data. */
export async function startServerProcess(): Promise<ServerProcess> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'peerpress-server-'))
  let { child, url } = await launch(dataDirectory, '0')
  const { port } = new URL(url)
  return {
    url,
    dataDirectory,
    token: () => readOperatorToken(dataDirectory),
    async kill() {
      await end(child, 'SIGKILL')
    },
    async restart() {
      ;({ child, url } = await launch(dataDirectory, port))
    },
    async close() {
      await end(child, 'SIGTERM')
      await rm(dataDirectory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function launch(dataDirectory: string, port: string): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  const child = spawn(
    process.execPath,
    [main, 'start', '--no-build', '--public-reports', '--port', port, '--data', dataDirectory],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, PEERPRESS_TRUST_PROXY: 'loopback' } },
  )
  process.once('exit', () => child.kill('SIGKILL'))
  const printed: string[] = []
  const signal = AbortSignal.timeout(startTimeout)
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
  })
  return { child, url }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
