import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { readConfig } from '../config/config.ts'
import { openDataFolder } from '../data-folder/open-data-folder.ts'
import { backupIndexFile } from './backup-index.ts'
import { markFile, markIncomplete } from './incomplete-restore.ts'
import { restoreBackup, type RestoreOptions, type RestoreStep } from './restore-backup.ts'

const files = { 'registry/jobs.ndjson': '', 'assets/ab/one': 'one', 'assets/ab/two': 'two' }

describe('a restore into a folder that something else uses', { timeout: 300_000 }, () => {
  let root: string
  let backup: string
  let data: string

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'peerpress-restore-'))
    backup = join(root, 'backup')
    data = join(root, 'data')
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(backup, path)), { recursive: true })
      await writeFile(join(backup, path), text)
    }
    const index = {
      format: 1,
      createdAt: '2026-05-01T00:00:00.000Z',
      registry: { schema: 1, tables: {} },
      store: null,
      files: Object.entries(files).map(([path, text]) => ({
        path,
        size: text.length,
        sha256: createHash('sha256').update(text).digest('hex'),
      })),
    }
    await writeFile(join(backup, backupIndexFile), JSON.stringify(index))
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const restore = (options: RestoreOptions = {}, directory = backup) =>
    restoreBackup(readConfig({ PEERPRESS_DATA: data }), directory, options)
  /** Does something when a restore comes to a step. */
  const at = (wanted: RestoreStep, act: () => void): RestoreOptions => ({
    onStep: (step) => {
      if (step === wanted) act()
    },
  })
  const put = (path: string, text = 'mine') => {
    mkdirSync(dirname(join(data, path)), { recursive: true })
    writeFileSync(join(data, path), text)
  }
  const mine = (path: string) => readFile(join(data, path), 'utf8')
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )

  test('owns the folder from before the verification until everything is written', async () => {
    const marked: boolean[] = []
    await restore({ onStep: () => marked.push(existsSync(join(data, markFile))) })
    assert.deepEqual(marked, [true, true, true])
    assert.deepEqual((await readdir(data)).toSorted(), ['assets', 'operator-token', 'registry'])
  })

  for (const path of ['registry/installation', 'operator-token', 'assets/ab/one', 'my-notes']) {
    test(`deletes nothing when ${path} appears while the backup is verified`, async () => {
      await mkdir(data)
      await assert.rejects(restore(at('records', () => put(path))), { code: 'not-empty' })
      assert.equal(await mine(path), 'mine')
      assert.deepEqual(await readdir(data), [path.split('/')[0]])
    })
  }

  for (const path of ['assets/ab/two', 'assets/other', 'other']) {
    test(`deletes nothing when ${path} appears while it writes, and takes its own away`, async () => {
      let calls = 0
      // Both assets were read, the first was written.
      const onBytes = () => {
        if (++calls !== 4) return
        put(path)
        if (path !== 'assets/ab/two') throw new Error('stop')
      }
      await assert.rejects(restore({ onBytes }), path === 'assets/ab/two' ? { code: 'not-empty' } : /stop/)
      assert.equal(await mine(path), 'mine')
      assert.equal(await isThere(join(data, markFile)), false)
      assert.deepEqual(await readdir(data), [path.split('/')[0]])
      assert.equal(await isThere(join(data, 'assets/ab/one')), false)
    })
  }

  test('refuses a second restore at every step, which takes nothing from the first', async () => {
    const seconds: Promise<void>[] = []
    const onStep = () => {
      seconds.push(assert.rejects(restore(), { code: 'not-empty', message: /a restore that did not end/ }))
    }
    const { files: count } = await restore({ onStep })
    await Promise.all(seconds)
    assert.deepEqual([seconds.length, count], [3, 3])
    assert.equal(await mine('assets/ab/one'), 'one')
  })

  test('wins or loses as a whole against another that begins at the same time', async () => {
    const outcomes = await Promise.allSettled([restore(), restore()])
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    assert.equal(await mine('assets/ab/two'), 'two')
  })

  test('takes nothing from the restore that has the folder after this one lost it', async () => {
    await assert.rejects(
      restore(
        at('assets', () => {
          put(markFile, 'of another restore')
          put('assets/ab/one')
        }),
      ),
      { code: 'not-empty' },
    )
    assert.deepEqual((await readdir(data)).toSorted(), ['assets', 'operator-token', 'registry', markFile])
    assert.equal(await mine('assets/ab/one'), 'mine')
  })

  test('is refused where a server began to start, which is refused where a restore began', async () => {
    const config = readConfig({ PEERPRESS_DATA: data })
    await openDataFolder(config, () => undefined)
    const found = (await readdir(data)).toSorted()
    await assert.rejects(restore(), { code: 'not-empty' })
    assert.deepEqual((await readdir(data)).toSorted(), found)
    // The server looked for a mark before there was one, and makes its folders after.
    await rm(data, { recursive: true })
    await mkdir(data)
    await markIncomplete(data)
    await assert.rejects(
      openDataFolder(config, () => undefined),
      { code: 'incomplete-restore' },
    )
  })

  test('refuses a data folder in the backup, and leaves the backup as it is', async () => {
    data = join(backup, 'data')
    const found = await readdir(backup)
    await assert.rejects(restore(), { code: 'overlapping-folders', message: /name a data folder outside/ })
    data = backup
    await assert.rejects(restore(), { code: 'overlapping-folders' })
    assert.deepEqual(await readdir(backup), found)
  })

  test('leaves nothing if the backup is damaged or the restore is stopped', async () => {
    await writeFile(join(backup, 'assets/ab/two'), 'TWO')
    await assert.rejects(restore(), { code: 'bad-backup' })
    assert.equal(await isThere(data), false)
    await mkdir(data)
    await assert.rejects(restore(), { code: 'bad-backup' })
    const stop = new AbortController()
    await assert.rejects(
      restore({ signal: stop.signal, onBytes: () => stop.abort(new Error('stopped')) }),
      /stopped/,
    )
    assert.deepEqual(await readdir(data), [])
  })
})
