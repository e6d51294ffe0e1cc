import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test'
import { packTar } from 'modern-tar'
import { prepareBackupDirectory, receiveBackup } from './receive-backup.ts'

type Files = Readonly<Record<string, string | Buffer>>

describe('receiving a backup', () => {
  let root: string
  let directory: string
  let removeMade: () => Promise<void>

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-receive-'))
    directory = join(root, 'backup')
    removeMade = await prepareBackupDirectory(directory)
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  async function receive(files: Files, { size = 0, into = directory } = {}) {
    const entries = Object.entries(files).map(([name, body]) => {
      const bytes = Buffer.from(body)
      return { header: { name, size: bytes.length, type: 'file' as const }, body: bytes }
    })
    const archive = (async function* () {
      yield await packTar(entries)
    })()
    const signal = new AbortController().signal
    return receiveBackup({ archive, size, directory: into, onBytes: () => undefined, signal })
  }

  const refuses = (
    files: Files,
    code: string,
    options?: { readonly size?: number; readonly into?: string },
  ) => assert.rejects(receive(files, options), { code })

  test('a whole one has its index, and files for its owner alone', async () => {
    const files = { 'registry/site.ndjson': '{}\n', 'assets/ab/cd': Buffer.alloc(300_000, 1) }
    const { size } = await receive({ ...files, 'backup.json': indexOf(files) })
    assert.equal(size, 300_003)
    assert.deepEqual((await readdir(directory)).toSorted(), ['assets', 'backup.json', 'registry'])
    assert.equal((await stat(join(directory, 'assets/ab/cd'))).mode & 0o777, 0o600)
    assert.equal((await stat(join(directory, 'assets'))).mode & 0o777, 0o700)
  })

  test('one that is not what its index says never gets an index', async () => {
    const files = { 'registry/site.ndjson': '{}\n' }
    const index = indexOf(files)
    await refuses(files, 'backup-broken')
    for (const other of [
      { 'backup.json': index },
      { 'registry/site.ndjson': '[]\n', 'backup.json': index },
      { ...files, 'registry/more.ndjson': '', 'backup.json': index },
      { 'backup.json': index, ...files },
    ]) {
      await removeMade()
      removeMade = await prepareBackupDirectory(directory)
      await refuses(other, 'backup-broken')
      assert.ok(!(await readdir(directory)).includes('backup.json'))
    }
  })

  test('a server cannot have it write anywhere else', async () => {
    for (const name of ['../evil', 'registry/../../evil', '/evil', 'operator-token', 'store/.lock']) {
      await removeMade()
      removeMade = await prepareBackupDirectory(directory)
      await refuses({ [name]: 'evil' }, 'backup-broken')
      assert.deepEqual(await readdir(root), ['backup'])
    }
  })

  test('what another puts into the folder meanwhile is never deleted nor replaced', async () => {
    const files = { 'registry/site.ndjson': '{}\n' }
    const index = indexOf(files)
    for (const name of ['registry', 'mine', 'backup.json']) {
      await writeFile(join(directory, name), 'mine')
      await refuses({ ...files, 'backup.json': index }, 'not-empty')
      await removeMade()
      assert.deepEqual(await readdir(directory), [name])
      assert.equal(await readFile(join(directory, name), 'utf8'), 'mine')
      await rm(directory, { recursive: true })
      removeMade = await prepareBackupDirectory(directory)
    }
  })

  test('a second backup into the folder is refused from the first moment, and takes nothing away', async () => {
    await assert.rejects(prepareBackupDirectory(directory), {
      code: 'not-empty',
      message: /has a backup that did not end/,
    })
    const both = join(root, 'both')
    const outcomes = await Promise.allSettled([prepareBackupDirectory(both), prepareBackupDirectory(both)])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.deepEqual(await readdir(both), ['incomplete'])
  })

  test('where there is no room nothing is begun', async () => {
    await refuses({}, 'disk-full', { size: Number.MAX_SAFE_INTEGER })
    assert.deepEqual(await readdir(directory, { recursive: true }), ['incomplete'])
    await removeMade()
    assert.deepEqual(await readdir(root), [])
  })

  test('a disk that becomes full is said in one line, and all is taken back', async (t) => {
    const disk = smallDisk(t)
    if (disk === null) return
    const removeAll = await prepareBackupDirectory(disk)
    const files = { 'assets/ab/cd': Buffer.alloc(3 * 1024 ** 2, 1) }
    await refuses({ ...files, 'backup.json': indexOf(files) }, 'disk-full', { into: disk })
    await removeAll()
    assert.deepEqual(await readdir(disk), [])
  })
})

function indexOf(files: Files): string {
  return JSON.stringify({
    format: 1,
    createdAt: '2026-05-01T00:00:00.000Z',
    registry: { schema: 4, tables: {} },
    store: null,
    files: Object.entries(files).map(([path, body]) => {
      const bytes = Buffer.from(body)
      return { path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  })
}

/** A disk of 1 MiB; null, and the test is skipped, where none can be mounted. */
function smallDisk(t: TestContext): string | null {
  const path = mkdtempSync(join(tmpdir(), 'peerpress-disk-'))
  let isMounted = false
  t.after(() => {
    if (isMounted) execFileSync('umount', [path])
    rmdirSync(path)
  })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
    isMounted = true
    return path
  } catch {
    t.skip('no disk can be mounted here')
    return null
  }
}
