import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { lockDirectory, lockStateOf } from './directory-lock.ts'
import { DirectoryLockError } from './directory-lock-error.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('a directory lock', { timeout: 30_000 }, () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lock-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  test('has one owner at a time and can be acquired again after its release', async () => {
    const lock = await lockDirectory(directory)
    await assert.rejects(
      lockDirectory(directory, { wait: 120 }),
      (error) => error instanceof DirectoryLockError && error.code === 'directory-locked',
    )
    lock.release()
    const next = await lockDirectory(directory)
    next.release()
  })

  test('stays held if nothing refers to it', async () => {
    await lockDirectory(directory)
    // Unreferenced objects are collected at once, and finalizers run in the next turn.
    await new Promise(setImmediate)
    collectGarbage()
    await new Promise(setImmediate)
    await assert.rejects(
      lockDirectory(directory),
      (error) => error instanceof DirectoryLockError && error.code === 'directory-locked',
    )
  })

  test('is acquired when the other owner releases it within the wait', async () => {
    const lock = await lockDirectory(directory)
    const waiting = lockDirectory(directory, { wait: 20_000 })
    lock.release()
    const next = await waiting
    next.release()
  })

  test('is acquired by one owner if its file contains garbage', async () => {
    await writeFile(join(directory, 'lock'), Buffer.alloc(5000, 'garbage'))
    const outcomes = await Promise.allSettled([lockDirectory(directory), lockDirectory(directory)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    for (const outcome of outcomes) if (outcome.status === 'fulfilled') outcome.value.release()
  })

  test('is refused with the path and a remedy if a folder is in the place of its file', async () => {
    await mkdir(join(directory, 'lock'))
    await assert.rejects(lockDirectory(directory, { wait: 10_000 }), (error) => {
      assert.ok(error instanceof DirectoryLockError && error.code === 'unusable-directory')
      assert.match(error.message, /lock cannot be locked \(.+\): make the folder writable, or move away/)
      return true
    })
  })

  test('creates the directory, readable only by its owner', async () => {
    const lock = await lockDirectory(join(directory, 'a', 'b'))
    lock.release()
    assert.equal((await stat(join(directory, 'a', 'b'))).mode & 0o777, 0o700)
  })

  test('is one for each file of the directory', async () => {
    const lock = await lockDirectory(directory, { file: 'owner.lock' })
    const other = await lockDirectory(directory)
    assert.equal(lockStateOf(join(directory, 'owner.lock')), 'held')
    lock.release()
    assert.equal(lockStateOf(join(directory, 'owner.lock')), 'free')
    other.release()
  })
})
