import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type BackupIndex, backupIndexFile } from './backup-index.ts'
import { readBackup } from './read-backup.ts'

const paths = [
  'registry/site.ndjson',
  'store/snapshots/all_1_1_0/data.bin',
  'store/snapshots/all_1_1_0/resources%2Etype.dict.bin',
  'assets/ab/cdef',
  'beacons/000000000000001-00000000-0123456789abcdef.log.damaged',
]

describe('reading a backup', () => {
  let directory: string
  let index: BackupIndex

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-read-backup-'))
    const files: BackupIndex['files'] = []
    for (const path of paths) {
      const bytes = Buffer.from(`bytes of ${path}`)
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), bytes)
      files.push({ path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    }
    const createdAt = '2026-05-01T00:00:00.000Z'
    index = { format: 1, createdAt, registry: { schema: 4, tables: { site: 1 } }, store: null, files }
    await writeIndex(JSON.stringify(index))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  const writeIndex = (text: string) => writeFile(join(directory, backupIndexFile), text)
  const refuses = (message: RegExp, code = 'bad-backup') =>
    assert.rejects(readBackup(directory), { name: 'ServerError', code, message })

  test('a complete backup is verified to the last byte', async () => {
    let bytes = 0
    assert.deepEqual(await readBackup(directory, (more) => (bytes += more)), index)
    assert.equal(
      bytes,
      index.files.reduce((sum, { size }) => sum + size, 0),
    )
  })

  for (const path of paths) {
    test(`${path} may not be changed, cut short or missing`, async () => {
      const full = join(directory, path)
      const { length } = `bytes of ${path}`
      await writeFile(full, 'X'.repeat(length))
      await refuses(new RegExp(`damaged: .*${path} has other bytes`))
      await truncate(full, length - 1)
      await refuses(new RegExp(`damaged: .*${path} has ${length - 1} of ${length} bytes`))
      await rm(full)
      await refuses(new RegExp(`damaged: .*${path} is missing`))
    })
  }

  test('an index that is missing, cut short, of a later release or names other places is refused', async () => {
    await writeIndex(JSON.stringify(index).slice(0, -1))
    await refuses(/backup.json is damaged: it is no JSON/)
    await writeIndex(JSON.stringify({ ...index, files: 'none' }))
    await refuses(/backup.json is damaged at files/)
    for (const path of [
      '../etc/passwd',
      '/etc/passwd',
      'store/../../x',
      'store/.hidden',
      'operator-token',
      'assets//x',
    ]) {
      await writeIndex(JSON.stringify({ ...index, files: [{ ...index.files[0], path }] }))
      await refuses(/backup.json is damaged at files.0.path/)
    }
    await writeIndex(JSON.stringify({ format: 2, whatever: true }))
    await refuses(/format 2, this release reads up to 1: update PeerPress/, 'newer-backup')
    await rm(join(directory, backupIndexFile))
    await refuses(/is no whole backup: it has no backup.json/)
  })
})
