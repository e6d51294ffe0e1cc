import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ChunkDisk } from './chunk-disk.ts'

const name = (digit: string): string => digit.repeat(64)
const chunk = (value: number): Uint8Array => new Uint8Array(10).fill(value)

async function freshDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-chunks-'))
  t.after(() => rm(directory, { recursive: true }))
  return directory
}

test('throws away what was not used for the longest, but nothing that is pinned', async (t) => {
  const disk = await ChunkDisk.open(await freshDirectory(t), { maxBytes: 30, pinned: new Set([name('a')]) })
  for (const [value, digit] of ['a', 'b', 'c'].entries()) await disk.put(name(digit), chunk(value))
  await disk.get(name('b'))
  await disk.put(name('d'), chunk(3))
  assert.equal(await disk.get(name('c')), undefined)
  assert.deepEqual(await disk.get(name('a')), chunk(0))
  assert.deepEqual(await disk.get(name('b')), chunk(1))
  assert.deepEqual(await disk.get(name('d')), chunk(3))
})

test('opened again it has what it had, and nothing half written', async (t) => {
  const directory = await freshDirectory(t)
  const options = { maxBytes: 100, pinned: new Set<string>() }
  await (await ChunkDisk.open(directory, options)).put(name('a'), chunk(7))
  await writeFile(join(directory, 'torn.part'), 'x')
  const again = await ChunkDisk.open(directory, options)
  assert.deepEqual(await again.get(name('a')), chunk(7))
  assert.deepEqual(await readdir(directory), [name('a')])
})
