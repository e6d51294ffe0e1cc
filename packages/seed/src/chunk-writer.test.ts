import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, test, type TestContext } from 'node:test'
import { type ChunkStorage, MemoryChunks } from '@peerpress/swarm'
import { ChunkDisk } from './chunk-disk.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { Guard } from './guard.ts'
import { SeedError } from './seed-error.ts'

const chunkSize = 64 * 1024
const chunks = Array.from({ length: 12 }, () => new Uint8Array(randomBytes(chunkSize)))

/** 64 hex digits. */
function nameOf(index: number): string {
  return index.toString(16).padStart(64, '0')
}

describe('chunks on their way to a disk that is full', () => {
  let directory = ''
  let problems: Error[] = []
  let lost: number[] = []
  let stored = Promise.withResolvers<void>()
  const writers: ChunkWriter[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-full-'))
    problems = []
    lost = []
    stored = Promise.withResolvers()
  })
  afterEach(async () => {
    for (const writer of writers.splice(0)) writer.close()
    spawnSync('/usr/bin/umount', [directory])
    await rm(directory, { recursive: true })
  })

  function writerTo(disk: ChunkStorage, retryInterval = 3_600_000): ChunkWriter {
    const guard = new Guard((problem) => problems.push(problem))
    const writer = new ChunkWriter(disk, {
      guard,
      onStored: () => stored.resolve(),
      onStuck: (problem) => problems.push(problem),
      retryInterval,
    })
    writers.push(writer)
    return writer
  }

  /** Puts all chunks; resolves when those that were taken are on the disk, or lost, or the disk is stuck. */
  async function putAll(writer: ChunkWriter): Promise<void> {
    for (const [index, bytes] of chunks.entries())
      if (!writer.put(nameOf(index), bytes, () => lost.push(index))) lost.push(index)
    await writer.settled()
  }

  test('are given up but for one, and the disk is reported once, in one line that names the folder', async (t) => {
    if (!mountSmallDisk(t, directory)) return
    const disk = await ChunkDisk.open(directory, { maxBytes: Infinity })
    const writer = writerTo(disk)
    await putAll(writer)
    await putAll(writer)
    const here = chunks.flatMap((_, index) => (disk.has(nameOf(index)) ? [index] : []))
    assert.ok(here.length >= 2 && here.length <= 4, `${here.length} chunks fit in`)
    assert.ok(writer.isStuck)
    assert.equal(writer.bytes, chunkSize)
    assert.equal(problems.length, 1)
    const [problem] = problems
    assert.ok(problem instanceof SeedError && problem.code === 'disk')
    assert.match(problem.message, /^[^\n]+$/)
    assert.ok(problem.message.includes(directory))
    assert.match(problem.message, /no space left on device/)
    // What is there is served, and what failed has left nothing that takes up room.
    for (const index of here) assert.deepEqual(await disk.get(nameOf(index)), chunks[index])
    assert.deepEqual((await readdir(directory)).toSorted(), here.map(nameOf))
    const waiting = chunks.flatMap((_, index) => (writer.get(nameOf(index)) ? [index] : []))
    assert.equal(waiting.length, 1)
    for (const [index] of chunks.entries())
      assert.equal(lost.includes(index), !here.includes(index) && !waiting.includes(index))
  })

  test('are taken again as soon as it has room', async (t) => {
    if (!mountSmallDisk(t, directory)) return
    const ballast = join(directory, 'ballast')
    const disk = await ChunkDisk.open(directory, { maxBytes: Infinity })
    await writeFile(ballast, Buffer.alloc(4 * chunkSize)).catch(() => {})
    const writer = writerTo(disk, 20)
    await putAll(writer)
    assert.ok(writer.isStuck)
    await rm(ballast)
    await writer.unstuck()
    await stored.promise
    assert.ok(writer.put(nameOf(11), chunks[11] as Uint8Array<ArrayBuffer>, () => lost.push(11)))
    await writer.settled()
    assert.ok(disk.has(nameOf(11)))
    assert.equal(problems.length, 1)
  })

  test('wait in bounded memory when the disk is slow', async () => {
    const slow = Promise.withResolvers<void>()
    const memory = new MemoryChunks({ maxBytes: Infinity })
    const disk: ChunkStorage = {
      has: (name) => memory.has(name),
      get: (name) => memory.get(name),
      delete: (name) => memory.delete(name),
      put: (name, bytes) => slow.promise.then(() => memory.put(name, bytes)),
    }
    const writer = writerTo(disk)
    const bytes = new Uint8Array(1024 * 1024)
    const taken = Array.from({ length: 64 }, (_, index) => writer.put(nameOf(index), bytes, () => {}))
    assert.equal(taken.filter(Boolean).length, 32)
    assert.equal(writer.bytes, 32 * 1024 * 1024)
    let hasRoom = false
    const room = writer.room().then(() => (hasRoom = true))
    await new Promise(setImmediate)
    assert.equal(hasRoom, false)
    slow.resolve()
    await room
    await writer.settled()
    assert.equal(writer.bytes, 0)
  })

  after(() => assert.equal(writers.length, 0))
})

test('the folder of the chunks is the owner’s alone', async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'peerpress-seed-'))
  t.after(() => rm(parent, { recursive: true }))
  await ChunkDisk.open(join(parent, 'data', 'chunks'), { maxBytes: 100 })
  for (const folder of ['data', 'data/chunks'])
    assert.equal((await stat(join(parent, folder))).mode & 0o777, 0o700)
})

/** False where this process may not mount. */
function mountSmallDisk(t: TestContext, directory: string): boolean {
  try {
    execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory], {
      stdio: 'ignore',
    })
    return true
  } catch {
    t.skip('mounting a small disk takes root on Linux')
    return false
  }
}
