import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChunkStorageOptions } from './chunk-storage.ts'

/** A {@link ChunkStorage} that may be in another process. */
export interface StorageUnderTest {
  has(name: string): boolean | Promise<boolean>
  get(name: string): Promise<Uint8Array | undefined>
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  delete(name: string): Promise<void>
}

/** An implementation of storage. Each call of `place` creates a fresh location. */
export interface StorageKind {
  readonly name: string
  /** Creates a location and returns a function that opens it. A second call opens it like a restarted process. */
  readonly place: () => Promise<(options: ChunkStorageOptions) => Promise<StorageUnderTest>>
  /** Whether stored chunks are present after the location is opened again. */
  readonly lasts: boolean
}

/** Defines the tests that every implementation must pass. */
export function testChunkStorage({ name: kind, place, lasts }: StorageKind): void {
  describe(`chunks in ${kind}`, () => {
    test('are returned as they were stored, to every reader', async () => {
      const storage = await (await place())({ maxBytes: 100 })
      assert.equal(await storage.has(name('a')), false)
      assert.equal(await storage.get(name('a')), undefined)
      await storage.put(name('a'), chunk(1))
      await storage.put(name('a'), chunk(2))
      assert.equal(await storage.has(name('a')), true)
      for (let times = 0; times < 2; times++) assert.deepEqual(await storage.get(name('a')), chunk(1))
    })

    test('are limited; the least recently used one is removed and reported', async () => {
      const lost: string[] = []
      const storage = await (await place())({ maxBytes: 30, onLost: (gone) => lost.push(gone) })
      for (const digit of ['a', 'b', 'c']) await storage.put(name(digit), chunk(1))
      await storage.get(name('a'))
      assert.deepEqual(lost, [])
      await storage.put(name('d'), chunk(2))
      assert.deepEqual(lost, [name('b')])
      assert.equal(await storage.has(name('b')), false)
      assert.equal(await storage.get(name('b')), undefined)
      for (const digit of ['a', 'c', 'd']) assert.equal((await storage.get(name(digit)))?.length, 10)
    })

    test('are not removed while they are pinned', async () => {
      const storage = await (await place())({ maxBytes: 20, pinned: new Set([name('a')]) })
      for (const digit of ['a', 'b', 'c']) await storage.put(name(digit), chunk(1))
      assert.deepEqual(await present(storage), ['a', 'c'])
    })

    test('are gone after deletion, without a report', async () => {
      const lost: string[] = []
      const storage = await (await place())({ maxBytes: 20, onLost: (gone) => lost.push(gone) })
      await storage.put(name('a'), chunk(1))
      await storage.delete(name('a'))
      await storage.delete(name('b'))
      assert.equal(await storage.get(name('a')), undefined)
      await storage.put(name('b'), chunk(2))
      await storage.put(name('c'), chunk(3))
      assert.deepEqual(lost, [])
    })

    test('larger than the limit are not stored', async () => {
      const storage = await (await place())({ maxBytes: 5 })
      await storage.put(name('a'), chunk(1)).catch(() => {})
      assert.equal(await storage.has(name('a')), false)
      assert.equal(await storage.get(name('a')), undefined)
    })

    test('stored at the same time are all present', async () => {
      const storage = await (await place())({ maxBytes: 100 })
      const digits = ['a', 'b', 'c', 'd', 'e']
      await Promise.all(digits.map((digit, value) => storage.put(name(digit), chunk(value))))
      for (const [value, digit] of digits.entries())
        assert.deepEqual(await storage.get(name(digit)), chunk(value))
    })

    if (!lasts) return

    test('are present after reopening, with their order of use', async () => {
      const open = await place()
      const before = await open({ maxBytes: 30 })
      for (const [value, digit] of ['a', 'b', 'c'].entries()) await before.put(name(digit), chunk(value))
      await before.get(name('a'))
      const lost: string[] = []
      const after = await open({ maxBytes: 30, onLost: (gone) => lost.push(gone) })
      assert.equal(await after.has(name('c')), true)
      await after.put(name('d'), chunk(3))
      assert.deepEqual(lost, [name('b')])
      assert.deepEqual(await after.get(name('a')), chunk(0))
    })

    test('beyond a lower limit are removed on reopening', async () => {
      const open = await place()
      const before = await open({ maxBytes: 30 })
      for (const digit of ['a', 'b', 'c']) await before.put(name(digit), chunk(1))
      const after = await open({ maxBytes: 10 })
      assert.deepEqual(await present(after), ['c'])
    })
  })
}

/** Returns which of three chunks are present. */
async function present(storage: StorageUnderTest): Promise<readonly string[]> {
  const digits: string[] = []
  for (const digit of ['a', 'b', 'c']) if (await storage.has(name(digit))) digits.push(digit)
  return digits
}

/** Returns a name of 64 hex digits. */
function name(digit: string): string {
  return digit.repeat(64)
}

function chunk(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(10).fill(value)
}
