import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type AssetSession, createAssetStore } from './asset-store.ts'
import { expectedAsset } from '../test-site.testing.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Returns the memory in use after a garbage collection. */
function bytesInUse(): number {
  collectGarbage()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  return arrayBuffers + heapUsed
}

describe('the asset store', { timeout: 300_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-assets-'))
  const store = createAssetStore(directory)
  after(() => rmSync(directory, { recursive: true, force: true }))

  async function* piecesOf(bytes: Buffer, length: number) {
    for (let start = 0; start < bytes.length; start += length) yield bytes.subarray(start, start + length)
  }

  for (const size of [1, 65_535, 65_536, 65_537, 3 * 65_536, 33 * 1024 * 1024 + 1]) {
    test(`cuts and hashes ${size} bytes as specified`, async () => {
      const bytes = randomBytes(size)
      const stored = await store.receive(piecesOf(bytes, 10_007))
      assert.deepEqual(stored && { ...stored, hashes: Buffer.from(stored.hashes) }, expectedAsset(bytes))
      const path = (await store.find(stored?.id ?? '', size)) ?? assert.fail('not stored')
      assert.equal(path, join(directory, stored?.id.slice(0, 2) ?? '', stored?.id.slice(2) ?? ''))
      assert.ok(readFileSync(path).equals(bytes))
    })
  }

  test('stores equal bytes as one file', async () => {
    const bytes = randomBytes(100)
    const both = [await store.receive(piecesOf(bytes, 7)), await store.receive(piecesOf(bytes, 50))]
    assert.equal(both[0]?.id, both[1]?.id)
  })

  test('no bytes are not an asset', async () =>
    assert.equal(await store.receive(piecesOf(Buffer.alloc(0), 1)), null))

  test('a failed transfer leaves no file', async () => {
    async function* failing() {
      yield randomBytes(1000)
      throw new Error('connection lost')
    }
    await assert.rejects(store.receive(failing()), /connection lost/)
    assert.deepEqual(readdirSync(join(directory, 'incoming')), [])
  })

  test('a file that lost bytes counts as missing and is stored again', async () => {
    const bytes = randomBytes(5000)
    const { id } = (await store.receive(piecesOf(bytes, 999))) ?? assert.fail()
    const path = (await store.find(id, 5000)) ?? assert.fail()
    assert.equal(await store.find(id, 5001), null)
    rmSync(path)
    assert.equal(await store.find(id, 5000), null)
    await store.receive(piecesOf(bytes, 999))
    assert.equal(await store.find(id, 5000), path)
  })

  test('memory does not grow with the asset', async () => {
    const size = 96 * 1024 * 1024
    const piece = randomBytes(64 * 1024)
    const before = bytesInUse()
    let most = 0
    const look = () => {
      most = Math.max(most, bytesInUse() - before)
    }
    async function* large() {
      for (let sent = 0; sent < size; sent += piece.length) {
        if (sent % (4 * 1024 * 1024) === 0) look()
        yield Buffer.from(piece)
      }
    }
    const looking = setInterval(look, 20)
    const stored = await store.receive(large()).finally(() => clearInterval(looking))
    look()
    assert.equal(stored?.hashes.length, (size / (stored?.chunkSize ?? 0)) * 32)
    assert.equal(
      createHash('sha256')
        .update(stored?.hashes ?? '')
        .digest('hex'),
      stored?.id,
    )
    assert.ok(most < size / 4, `${most} bytes more for an asset of ${size}`)
  })

  test('removes leftovers of a killed process', async () => {
    await store.removeLeftovers()
    assert.ok(!existsSync(join(directory, 'incoming')))
  })

  test('removes no asset that a session found or received before the session ends', async () => {
    const bytes = randomBytes(1000)
    const { id, size } = (await store.receive([bytes])) ?? assert.fail('not stored')
    for (const use of [
      (session: AssetSession) => session.find(id, size),
      (session: AssetSession) => session.receive([bytes]),
    ]) {
      await store.receive([bytes])
      const [session, other] = [store.openSession(), store.openSession()]
      for (const one of [session, other]) await use(one)
      await store.remove(id)
      session.end()
      await store.remove(id)
      assert.notEqual(await store.find(id, size), null)
      other.end()
      await store.remove(id)
      assert.equal(await store.find(id, size), null)
    }
  })

  test('a session that starts to use an asset during its removal waits for the removal', async () => {
    const bytes = randomBytes(1000)
    const { id, size } = (await store.receive([bytes])) ?? assert.fail('not stored')
    const decision = Promise.withResolvers<boolean>()
    const removal = store.remove(id, () => decision.promise)
    const session = store.openSession()
    const received = session.receive([bytes])
    const found = session.find(id, size)
    decision.resolve(false)
    await removal
    await received
    await found
    assert.notEqual(await store.find(id, size), null)
    session.end()
    await store.remove(id, async () => true)
    assert.notEqual(await store.find(id, size), null)
  })

  test('lists its assets and no other files', async () => {
    const { id } = (await store.receive([randomBytes(1000)])) ?? assert.fail('not stored')
    writeFileSync(join(directory, id.slice(0, 2), 'notes.txt'), '')
    writeFileSync(join(directory, 'notes.txt'), '')
    const listed = (await Array.fromAsync(store.list())).flat()
    assert.ok(listed.includes(id))
    assert.ok(listed.every((one) => /^[0-9a-f]{64}$/.test(one)))
    const nowhere = createAssetStore(join(directory, 'nowhere'))
    assert.deepEqual(await Array.fromAsync(nowhere.list()), [])
  })
})
