import assert from 'node:assert/strict'
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { enginePid, isAlive } from '../support/server/engine-pid.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const preload = fileURLToPath(new URL('../support/server/throws-on-signal.mjs', import.meta.url))

async function startServer(): Promise<ServerProcess> {
  const server = await startServerProcess({ NODE_OPTIONS: `--import=${preload}` })
  after(() => server.close())
  return server
}

/** Stops the server's engine: it answers nothing and takes no signal but SIGKILL. */
function stopEngine(server: ServerProcess): number {
  const pid = enginePid(server.dataDirectory)
  after(() => isAlive(pid) && process.kill(pid, 'SIGKILL'))
  process.kill(pid, 'SIGSTOP')
  return pid
}

function listened(server: ServerProcess): number {
  return server.printed().filter((line) => line.includes('listens at')).length
}

function signalServer(server: ServerProcess, signal: NodeJS.Signals): void {
  const pid = server.pid()
  assert.ok(pid !== undefined)
  process.kill(pid, signal)
}

test('a stopped engine ends with its server, and the next start has the folder', async () => {
  const server = await startServer()
  const engine = stopEngine(server)
  await server.stop()
  assert.ok(!isAlive(engine))
  assert.doesNotMatch(server.printed().join('\n'), /did not end/)
  await server.restart()
})

test('a server starts again after an unexpected error though its engine is stopped', async () => {
  const server = await startServer()
  const engine = stopEngine(server)
  signalServer(server, 'SIGUSR2')
  await eventually('the second run', async () => (listened(server) === 2 ? true : undefined))
  assert.ok(!isAlive(engine))
})

test('a stopped engine that has outlived kill -9 of its server is ended by the next start', async () => {
  const server = await startServer()
  const engine = stopEngine(server)
  await server.kill()
  assert.ok(isAlive(engine))
  await server.restart()
  assert.ok(!isAlive(engine))
})

test('a restarted run that cannot start tries again, with longer pauses, until it can', async () => {
  const server = await startServer()
  const lock = join(server.dataDirectory, 'store/lock')
  await rm(lock)
  await mkdir(lock)
  signalServer(server, 'SIGUSR2')
  await eventually('the second pause', async () =>
    server.printed().some((line) => line.includes('starting again in 2 s')) ? true : undefined,
  )
  const printed = server.printed().join('\n')
  assert.match(printed, /could not start again: .*store\/lock cannot be locked/)
  assert.match(printed, /starting again in 1 s/)
  await rmdir(lock)
  await eventually('a run that listens', async () => (listened(server) === 2 ? true : undefined))
})
