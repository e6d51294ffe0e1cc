import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { peerpress } from '../support/server/peerpress.ts'
import { startServerProcess } from '../support/server/server-process.ts'

interface Step {
  readonly id: number
  readonly name: string
  readonly state: string
}

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'peerpress-migrate-'))
})
after(() => rm(directory, { recursive: true, force: true }))

const steps = async (...options: readonly string[]): Promise<readonly Step[]> => {
  const { code, stdout, stderr } = await peerpress('migrate', '--data', directory, '--json', ...options)
  assert.equal(code, 0, stderr)
  return (JSON.parse(stdout) as { steps: readonly Step[] }).steps
}

test('"migrate" runs what is pending once, "--dry-run" tells without running it', async () => {
  const states = async (...options: readonly string[]) =>
    new Set((await steps(...options)).map(({ state }) => state))
  assert.deepEqual(await states('--dry-run'), new Set(['pending']))
  assert.deepEqual(await states('--dry-run'), new Set(['pending']))
  assert.deepEqual(await states(), new Set(['ran']))
  assert.deepEqual(await states(), new Set(['applied']))
  const all = await steps('--dry-run')
  assert.deepEqual(
    all.map(({ id }) => id),
    all.map((_, index) => index + 1),
  )
  const { stdout } = await peerpress('migrate', '--data', directory, '--dry-run')
  assert.match(stdout, /^1 views +\d{4}-/m)
})

test('a server has run them at its start, and "migrate" does not come between it and its store', async () => {
  const server = await startServerProcess()
  try {
    const { code, stderr } = await peerpress('migrate', '--data', server.dataDirectory)
    assert.equal(code, 1)
    assert.match(stderr, /in use by another process/)
    await server.kill()
    const { stdout } = await peerpress('migrate', '--data', server.dataDirectory, '--json')
    const { steps: found } = JSON.parse(stdout) as { steps: readonly Step[] }
    assert.deepEqual(new Set(found.map(({ state }) => state)), new Set(['applied']))
  } finally {
    await server.close()
  }
})
