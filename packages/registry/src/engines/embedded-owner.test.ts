import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openRegistry } from '../open-registry.ts'

describe('the owner of an embedded registry', { timeout: 300_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-owner-'))
  const children: ChildProcess[] = []
  after(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  })

  test('keeps others out, and loses nothing it acknowledged when it is killed; its job runs again', async () => {
    const child = fork(join(import.meta.dirname, 'embedded-owner.testing.ts'), [directory], {
      stdio: 'ignore',
    })
    children.push(child)
    const acknowledged: string[] = []
    const enough = Promise.withResolvers<void>()
    child.on('message', ({ site }: { readonly site: string }) => {
      acknowledged.push(site)
      if (acknowledged.length === 25) enough.resolve()
    })
    await once(child, 'message')
    await assert.rejects(openRegistry({ directory }), {
      code: 'locked',
      message: /in use by another PeerPress/,
    })
    await enough.promise
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    const registry = await openRegistry({ directory })
    try {
      const ids = new Set((await registry.sites.list()).map(({ id }) => id))
      assert.deepEqual(
        acknowledged.filter((id) => !ids.has(id)),
        [],
      )
      const resumed = Promise.withResolvers<unknown>()
      const runs: unknown[] = []
      await registry.jobs.work('held', 1, async ({ data, attempt }) => {
        runs.push(data)
        resumed.resolve({ data, attempt })
      })
      assert.deepEqual(await resumed.promise, { data: { held: true }, attempt: 1 })
      await registry.jobs.stop()
      assert.equal(runs.length, 1)
    } finally {
      await registry.close()
    }
  })

  test('a second registry in the same process is kept out too', async () => {
    const registry = await openRegistry({ directory })
    await assert.rejects(openRegistry({ directory }), { code: 'locked' })
    await registry.close()
  })
})
