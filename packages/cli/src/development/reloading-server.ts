import { type ChildProcess, spawn } from 'node:child_process'
import { type FSWatcher, globSync, watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildBundles } from './build-bundles.ts'
import { repositoryDirectory } from '../repository.ts'
import { say } from '../output/say.ts'

/** A server in a process of its own that is replaced when the code changes. */
export interface ReloadingServer {
  /** Ends the server and resolves when its process is gone. */
  close(): Promise<void>
}

/** ms for which further changes are awaited: an editor or a checkout writes many files at once. */
const settleTime = 200

const root = fileURLToPath(repositoryDirectory)

/** Starts `./peerpress start` on this port and data folder. It trusts `X-Forwarded-For` and its reports are public. */
export function reloadingServer(port: string, data: string): ReloadingServer {
  let child = start(port, data)
  let isClosed = false
  let reloading = Promise.resolve()
  const reload = async () => {
    if (isClosed) return
    say.step('the code has changed: restarting the server')
    await end(child)
    await buildBundles()
    if (!isClosed) child = start(port, data)
  }
  const watchers = watchSources(() => {
    reloading = reloading
      .then(reload)
      .catch((error: unknown) => say.problem(error instanceof Error ? error.message : String(error)))
  })
  return {
    async close() {
      isClosed = true
      for (const watcher of watchers) watcher.close()
      await reloading
      await end(child)
    },
  }
}

function start(port: string, data: string): ChildProcess {
  const args = ['start', '--no-build', '--public-reports', '--port', port, '--data', data]
  const child = spawn(process.execPath, [`${root}packages/cli/src/main.ts`, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PEERPRESS_TRUST_PROXY: 'loopback', PEERPRESS_BEACONS_PER_NETWORK: '0' },
  })
  child.on('error', (error) => say.problem(`the server cannot be started: ${error.message}`))
  child.on('exit', (code) => {
    if (code !== 0) say.problem('the server has ended; it starts again at the next change of the code')
  })
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGTERM')
  await ended
}

/** Calls back once for all changes that follow each other closely. Vite watches the dashboard itself. */
function watchSources(onChange: () => void): readonly FSWatcher[] {
  let timer: NodeJS.Timeout | undefined
  const folders = globSync('packages/*/src', { cwd: root, exclude: ['packages/dashboard/src'] })
  return folders.map((folder) =>
    watch(`${root}${folder}`, { recursive: true }, (_event, file) => {
      if (file === null || /\.test\.ts$|\.testing\./.test(file)) return
      clearTimeout(timer)
      timer = setTimeout(onChange, settleTime)
    }).on('error', (error) => say.problem(`changes are not noticed any more: ${error.message}`)),
  )
}
