import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { testChunkStorage } from '@peerpress/swarm/storage-suite'
import { ChunkDisk } from './chunk-disk.ts'

const directories: string[] = []
after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true }))))

async function freshDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-chunks-'))
  directories.push(directory)
  return directory
}

testChunkStorage({
  name: 'a folder',
  async place() {
    const directory = await freshDirectory()
    return (options) => ChunkDisk.open(directory, options)
  },
  lasts: true,
})

test('a folder that is opened again has nothing half written', async () => {
  const directory = await freshDirectory()
  const name = 'a'.repeat(64)
  await (await ChunkDisk.open(directory, { maxBytes: 100 })).put(name, new Uint8Array(10))
  await writeFile(join(directory, 'torn.part'), 'x')
  await ChunkDisk.open(directory, { maxBytes: 100 })
  assert.deepEqual(await readdir(directory), [name])
})

test('a chunk whose file somebody removed is lost', async () => {
  const directory = await freshDirectory()
  const name = 'a'.repeat(64)
  const lost: string[] = []
  const disk = await ChunkDisk.open(directory, { maxBytes: 100, onLost: (gone) => lost.push(gone) })
  await disk.put(name, new Uint8Array(10))
  await rm(join(directory, name))
  assert.equal(await disk.get(name), undefined)
  assert.equal(disk.has(name), false)
  assert.deepEqual(lost, [name])
})
