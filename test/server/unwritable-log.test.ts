import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'

test('a server whose log cannot be written works, and ends when it is told to', async () => {
  const data = await mkdtemp(join(tmpdir(), 'peerpress-log-'))
  after(() => rm(data, { recursive: true, force: true }))
  const full = await open('/dev/full', 'w')
  after(() => full.close())
  const port = await freePort()
  const main = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
  const child = spawn(
    process.execPath,
    [main, 'start', '--no-build', '--port', String(port), '--data', data],
    { stdio: ['ignore', full.fd, full.fd] },
  )
  after(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  await eventually('the server ready', async () =>
    (await fetch(`${url}/readyz`).catch(() => null))?.ok === true ? true : undefined,
  )
  const metrics = await (await fetch(`${url}/metrics`)).text()
  assert.match(metrics, /^peerpress_unexpected_errors_total\{kind="exception"\} 0$/m)
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
})
