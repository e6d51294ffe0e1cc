import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import { createPublisher } from '../publisher.ts'

test(
  'a restored post whose address is none any more stays unread and stops no start',
  { timeout: 60_000 },
  async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'peerpress-unread-'))
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    const { site } = await registry.sites.add({
      url: 'https://blog.example',
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const post = { site: site.id, post: '1', envelope: '{}' }
    for (const url of ['https://blog.example/a\tb', 'https://elsewhere.example/']) {
      const id = encodeURIComponent(url).replaceAll('%', '-')
      await registry.posts.record({ ...post, post: id, url, version: 1, revoked: false, assets: [] })
      await registry.restored.raise({ ...post, post: id, version: 2 })
    }
    const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
    context.after(async () => {
      await publisher.stop()
      await registry.close()
      await rm(directory, { recursive: true })
    })
    await publisher.start()
    assert.equal((await registry.restored.unread('publish')).length, 2)
  },
)
