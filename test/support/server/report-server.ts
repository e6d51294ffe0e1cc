import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApi } from '@peerpress/api'
import { repositoryDirectory } from '@peerpress/cli'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { answering } from './answering.ts'

/** The graph and the dashboard alone, built from their sources, on empty embedded engines. */
export interface ReportServer {
  readonly url: string
  readonly registry: Registry
  readonly store: Store
  close(): Promise<void>
}

/** Only who sends this token is answered. */
export const operatorToken = 'a'.repeat(64)

/** What a browser would refuse shows in its console, and the tests look there. */
const policy = "default-src 'self'"

export async function startReportServer(): Promise<ReportServer> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-reports-'))
  const page = join(directory, 'dashboard')
  await buildDashboard(page)
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  const store = await openStore({ directory: join(directory, 'store') })
  const api = createApi({
    registry,
    store,
    publisher: { publish: () => Promise.resolve() },
    keeping: {
      ...store,
      removeSite: async (site) => ({
        wasRegistered: await registry.sites.remove(site),
        views: await store.removeSite(site),
      }),
    },
    authorize: ({ headers }) =>
      headers.get('authorization') === `Bearer ${operatorToken}` ? 'operator' : 'nobody',
  })
  const answer = answering(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server')
    if (pathname === '/graphql') await api(request, response)
    else await sendFile(join(page, normalize(pathname === '/' ? '/index.html' : pathname)), response)
  })
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    registry,
    store,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function buildDashboard(outDirectory: string): Promise<void> {
  const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', repositoryDirectory))
  const child = spawn(
    process.execPath,
    [vite, 'build', '--logLevel', 'error', '--outDir', outDirectory, '--emptyOutDir'],
    {
      cwd: fileURLToPath(new URL('packages/dashboard', repositoryDirectory)),
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('the dashboard does not build')
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  try {
    const body = await readFile(path)
    response.writeHead(200, {
      'Content-Type': types[extname(path)] ?? 'application/octet-stream',
      'Content-Security-Policy': policy,
    })
    response.end(body)
  } catch {
    response.writeHead(404).end()
  }
}
