import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { lockDirectory } from './directory-lock.ts'
import { StoreError } from '../../store-error.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('a directory lock', { timeout: 30_000 }, () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lock-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('is held by one at a time and can be taken again after its release', async () => {
    const lock = await lockDirectory(directory, 0)
    await assert.rejects(
      lockDirectory(directory, 120),
      (error) => error instanceof StoreError && error.code === 'directory-locked',
    )
    lock.release()
    const next = await lockDirectory(directory, 0)
    next.release()
  })

  test('is held also by a process that keeps nothing of it', async () => {
    await lockDirectory(directory, 0)
    // What nobody refers to goes at once, and not before the next turn is anybody told.
    await new Promise(setImmediate)
    collectGarbage()
    await new Promise(setImmediate)
    await assert.rejects(
      lockDirectory(directory, 0),
      (error) => error instanceof StoreError && error.code === 'directory-locked',
    )
  })

  test('waits for an owner that goes', async () => {
    const lock = await lockDirectory(directory, 0)
    const waiting = lockDirectory(directory, 20_000)
    lock.release()
    const next = await waiting
    next.release()
  })

  test('is taken though its file holds garbage, and then by one alone', async () => {
    await writeFile(join(directory, 'lock'), Buffer.alloc(5000, 'garbage'))
    const outcomes = await Promise.allSettled([lockDirectory(directory, 0), lockDirectory(directory, 0)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') outcome.value.release()
  })

  test('is refused with the file at fault and what to do when a folder is in its place', async () => {
    await mkdir(join(directory, 'lock'))
    await assert.rejects(lockDirectory(directory, 10_000), (error) => {
      assert.ok(error instanceof StoreError && error.code === 'unusable-directory')
      assert.match(error.message, /lock cannot be locked \(.+\): make the folder writable, or move away/)
      return true
    })
  })

  test('makes the directory, for its owner alone', async () => {
    const lock = await lockDirectory(join(directory, 'a', 'b'), 0)
    lock.release()
    assert.equal((await stat(join(directory, 'a', 'b'))).mode & 0o777, 0o700)
  })
})
