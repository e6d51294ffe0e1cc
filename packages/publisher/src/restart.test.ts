import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import type { JobOutcome } from './manifest/job-outcome.ts'
import { createPublisher } from './publisher.ts'
import { expectedAsset, png, startSite } from './test-site.testing.ts'

test(
  'a publication whose server was killed is completed once after the restart',
  { timeout: 300_000 },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-restart-'))
    const site = await startSite()
    const picture = png(200_000)
    const halfWay = Promise.withResolvers<void>()
    site.routes.set('/post', { body: '<img src="/1.png">' })
    site.routes.set('/1.png', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length })
      response.write(picture.subarray(0, 100_000))
      halfWay.resolve()
    })
    const child = fork(join(import.meta.dirname, 'restart.testing.ts'), [directory, site.origin], {
      stdio: 'ignore',
    })
    t.after(async () => {
      child.kill('SIGKILL')
      await site.close()
      rmSync(directory, { recursive: true, force: true })
    })
    const [id] = (await once(child, 'message')) as [string]
    await halfWay.promise
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
    assert.equal(site.count('/post'), 1)
    site.routes.set('/1.png', { body: picture, type: 'image/png' })

    const registry = await openRegistry({ directory: join(directory, 'registry') })
    const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
    const outcomes: JobOutcome[] = []
    publisher.onJobDone((outcome) => outcomes.push(outcome))
    assert.equal(await publisher.manifest(id, '12'), null)
    const settled = publisher.settled(id, '12', 1)
    await publisher.start()
    const post = await settled
    assert.equal(post.version, 1)
    assert.notEqual(await publisher.asset(expectedAsset(picture).id), null)
    assert.deepEqual(readdirSync(join(directory, 'assets', 'incoming')), [])
    await publisher.stop()
    await registry.close()
    assert.deepEqual(
      outcomes.map(({ result, attempt }) => ({ result, attempt })),
      [{ result: 'published', attempt: 1 }],
    )
    assert.equal(site.count('/post'), 2)
  },
)
