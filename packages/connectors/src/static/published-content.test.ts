import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Asset, chunkSizeFor, type Manifest } from '@peerpress/wire'
import { openFolder } from './folder.ts'
import { publishedContent } from './published-content.ts'

const origin = 'https://a.example'
const snapshot = { id: 'c'.repeat(64), size: 100, body: 10, headers: {} }
const post = { path: 'index.html', url: `${origin}/`, post: 'u~1', mark: '0', snapshot: snapshot.id }

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Names a file as the publisher does. */
function assetOf(url: string, bytes: Buffer, chunkSize = chunkSizeFor(bytes.length)): Asset {
  const hashes: Buffer[] = []
  for (let start = 0; start < bytes.length; start += chunkSize) {
    hashes.push(sha256(bytes.subarray(start, start + chunkSize)))
  }
  const all = Uint8Array.from(Buffer.concat(hashes))
  return {
    id: sha256(all).toString('hex'),
    url,
    type: 'image/jpeg',
    size: bytes.length,
    chunkSize,
    hashes: all,
  }
}

function manifestOf(assets: readonly Asset[], change: Partial<Manifest> = {}): Manifest {
  const stated = { site: 'abcdefgh01234567', post: post.post, version: 1, issuedAt: 0, url: post.url }
  return { ...stated, revoked: false, assets, snapshot, ...change }
}

describe('whether a manifest has the content of a folder', () => {
  let directory: string
  let isPublished: ReturnType<typeof publishedContent>

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-content-'))
    isPublished = publishedContent(await openFolder(directory), `${origin}/`)
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  /** Writes a file and returns its bytes. */
  async function put(name: string, size: number): Promise<Buffer> {
    const bytes = randomBytes(size)
    await writeFile(join(directory, name), bytes)
    return bytes
  }

  test('it has it if the page and all files have the same names, at any size', async () => {
    for (const size of [1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
      const name = `größe ${size}.jpg`
      const asset = assetOf(new URL(name, origin).href, await put(name, size))
      assert.equal(await isPublished(post, manifestOf([asset])), true, name)
    }
  })

  test('chunks may have the size of an earlier release', async () => {
    const asset = assetOf(`${origin}/a.jpg`, await put('a.jpg', 300_000), 131_072)
    assert.equal(await isPublished(post, manifestOf([asset])), true)
  })

  test('it differs if a file changed, or the page, or if the site forbids copies of the page', async () => {
    const bytes = await put('a.jpg', 1000)
    const other = assetOf(`${origin}/a.jpg`, randomBytes(1000))
    assert.equal(await isPublished(post, manifestOf([other])), false)
    const assets = [assetOf(`${origin}/a.jpg`, bytes)]
    const changed = { ...snapshot, id: 'd'.repeat(64) }
    assert.equal(await isPublished(post, manifestOf(assets, { snapshot: changed })), false)
    assert.equal(await isPublished(post, manifestOf(assets, { snapshot: undefined })), false)
    assert.equal(await isPublished(post, manifestOf(assets, { revoked: true })), false)
  })

  test('media that are not files of the folder do not count', async () => {
    const assets = [
      assetOf('https://cdn.example/a.jpg', randomBytes(10)),
      assetOf(`${origin}/made-by-the-host.jpg`, randomBytes(10)),
      assetOf(`${origin}/%2e%2e%2f${directory.split('/').at(-1)}/a.jpg`, randomBytes(10)),
    ]
    await put('a.jpg', 10)
    assert.equal(await isPublished(post, manifestOf(assets)), true)
  })
})
