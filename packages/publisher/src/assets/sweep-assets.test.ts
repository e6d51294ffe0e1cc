import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import { createAssetStore } from './asset-store.ts'
import { AssetSweeps } from './sweep-assets.ts'

test(
  'a sweep removes files that a crash left, and none that a post names',
  { timeout: 60_000 },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-sweep-'))
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    t.after(async () => {
      await registry.close()
      rmSync(directory, { recursive: true })
    })
    const store = createAssetStore(join(directory, 'assets'))
    const receive = async (text: string) => (await store.receive([Buffer.from(text)])) ?? assert.fail()
    const [named, replaced, page, unpublished] = [
      await receive('named'),
      await receive('replaced'),
      await receive('page'),
      await receive('unpublished'),
    ]
    const sweeps = new AssetSweeps({ registry, store })
    const sweep = async () => {
      sweeps.start()
      await sweeps.swept()
      await sweeps.stop()
    }
    await sweep()
    assert.notEqual(
      await store.find(named.id, named.size),
      null,
      'without a site in the registry, no file is removed',
    )
    const { site } = await registry.sites.add({
      url: 'https://blog.example',
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const assetOf = ({ id, ...stored }: typeof named) => {
      return {
        id,
        ...stored,
        url: `https://blog.example/${id}`,
        type: 'image/png',
        etag: null,
        lastModified: null,
      }
    }
    const post = { site: site.id, post: '1', url: site.url, revoked: false, envelope: '{}', snapshot: page }
    await registry.posts.record({ ...post, version: 1, assets: [assetOf(named), assetOf(replaced)] })
    // The server stops here, before it removes the files that version 2 no longer names.
    await registry.posts.record({ ...post, version: 2, assets: [assetOf(named)] })
    const paths: Record<string, string> = {}
    for (const { id, size } of [named, replaced, page, unpublished])
      paths[id] = (await store.find(id, size)) ?? ''
    await sweep()
    assert.deepEqual(
      [named, replaced, page, unpublished].map(({ id }) => existsSync(paths[id] ?? '')),
      [true, false, true, false],
    )
  },
)
