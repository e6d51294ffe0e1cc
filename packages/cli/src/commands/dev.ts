import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildBundles } from '../development/build-bundles.ts'
import { CliError } from '../cli-error.ts'
import type { Command } from '../command.ts'
import { reloadingServer } from '../development/reloading-server.ts'
import { seedViews } from '../development/seed-views.ts'
import { readOperatorToken } from '../client/graphql-client.ts'
import { repositoryDirectory } from '../repository.ts'
import { say } from '../output/say.ts'
import { stopSignal } from '../stop-signal.ts'

/** ms between two looks at a server that is starting. */
const readyInterval = 200

export const dev: Command = {
  usage: `
Usage: ./peerpress dev [options]

Runs everything for somebody who changes the code, until Ctrl-C: a server that restarts when a file of a package changes,
with the browser code built anew, and the dashboard with hot reload. A new data folder gets a sample site with a week of
views. Reports need no token.

  --port N       port of the server (4600)
  --dashboard N  port of the dashboard (4680)
  --data DIR     data folder (.cache/dev); delete it to begin again
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4600' },
        dashboard: { type: 'string', default: '4680' },
        data: { type: 'string' },
      },
    })
    const data = resolve(values.data ?? fileURLToPath(new URL('.cache/dev', repositoryDirectory)))
    await buildBundles()
    const stop = stopSignal()
    const url = `http://127.0.0.1:${values.port}`
    const dashboard = await serveDashboard(Number(values.dashboard), url)
    const server = reloadingServer(values.port, data)
    try {
      if (!(await isReady(url, stop.isReceived))) return 1
      await seedViews(url, await readOperatorToken(data))
      say.done(`dashboard with hot reload: ${dashboard.url}`)
      say.step(`server, restarted at changes: ${url}; data in ${data}; Ctrl-C stops`)
      await stop.received
      return 0
    } finally {
      await server.close()
      await dashboard.close()
    }
  },
}

/** Resolves to true when `/readyz` answers 200, and to false when `isOver` says that it never will. */
async function isReady(url: string, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    const isUp = await fetch(new URL('/readyz', url)).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return true
    await delay(readyInterval)
  }
  return false
}

/** Serves the dashboard from its sources; what it requests from its server goes to the one at `target`. */
async function serveDashboard(
  port: number,
  target: string,
): Promise<{ url: string; close(): Promise<void> }> {
  // Loaded here alone: no other command needs Vite.
  const { createServer } = await import('vite')
  const root = fileURLToPath(new URL('packages/dashboard', repositoryDirectory))
  const vite = await createServer({
    root,
    configFile: `${root}/vite.config.ts`,
    logLevel: 'warn',
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      proxy: { '/graphql': target, '/v1': target, '/account': target },
    },
  })
  await vite.listen().catch((cause: unknown) => {
    throw new CliError('usage', `port ${port} is in use; name another one with --dashboard`, { cause })
  })
  return { url: `http://127.0.0.1:${port}/`, close: () => vite.close() }
}
