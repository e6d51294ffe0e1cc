import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { startGuarded, waitUntilReady } from './guarded-process.ts'
import type { GuardedProcess } from './guarded-process.ts'

/** Serves `directory` on 127.0.0.1 with PHP's own server: four workers, so that WordPress can call itself. */
export async function startWebServer(
  directory: string,
  port: number,
  logFile: string,
): Promise<GuardedProcess> {
  const server = await startGuarded(
    ['php', '-S', `127.0.0.1:${port}`, '-t', directory, join(import.meta.dirname, 'router.php')],
    logFile,
    { cwd: directory, env: { PHP_CLI_SERVER_WORKERS: '4' } },
  )
  await waitUntilReady(server, 'php -S', () => accepts(port))
  return server
}

/** Returns a port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(port, '127.0.0.1')
    const end = (ready: boolean): void => {
      connection.destroy()
      resolve(ready)
    }
    connection.once('connect', () => end(true)).once('error', () => end(false))
  })
}
