import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { connect } from '../connect.ts'
import { findBrokenParts, findStoreDamage } from './damage.ts'
import { openStore } from '../../open-store.ts'
import { ndjson, range, sampleRows } from '../../random-rows.testing.ts'
import type { Store } from '../../store.ts'
import { StoreError } from '../../store-error.ts'
import { rowTime } from '../../model/view-row.ts'

const site = 'site000000000000'
const query = { site, from: range.from, to: range.to, filter: {} }

describe('a store whose files are damaged', { timeout: 300_000 }, () => {
  let root: string
  let sound: string
  let count = 0

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'store-damage-'))
    sound = join(root, 'sound')
    const store = await openStore({ directory: sound })
    for (const token of ['a', 'b']) {
      const rows = sampleRows(100).map((row, i) => ({
        ...row,
        site,
        view: `00000000-0000-4000-8000-${token === 'a' ? '0' : '1'}${String(i).padStart(11, '0')}`,
        started_at: rowTime(range.from.getTime()),
      }))
      await store.insertViews(ndjson(rows), token)
    }
    await store.close()
  })
  after(() => rm(root, { recursive: true, force: true }))

  /** Returns a damaged copy of the intact store. */
  const copy = async (damage: (at: Files) => Promise<unknown>): Promise<Files> => {
    const directory = join(root, `copy-${count++}`)
    await cp(sound, directory, { recursive: true, verbatimSymlinks: true })
    const files = { directory, folderOf: (table: string) => folderOf(directory, table) }
    await damage(files)
    return files
  }
  const refusal = async (directory: string): Promise<string> => {
    const error: unknown = await openStore({ directory }).then(
      (store) => store.close(),
      (refused: unknown) => refused,
    )
    assert.ok(error instanceof StoreError, `opened, or ${String(error)}`)
    assert.equal(error.code, 'damaged', error.message)
    assert.ok(!error.message.includes('\n'))
    assert.match(error.message, /\.\/peerpress restore/)
    return error.message
  }
  const opened = async (directory: string, work: (store: Store) => Promise<void>): Promise<void> => {
    const store = await openStore({ directory })
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }

  test('is not reported when the files are intact', async () => {
    await opened(sound, async (store) => {
      assert.deepEqual(await store.damage(), [])
      assert.equal((await store.totals(query)).views, 200)
    })
    assert.deepEqual(await findStoreDamage(sound), [])
    assert.deepEqual(await findStoreDamage(join(root, 'nowhere')), [])
    assert.deepEqual(await findBrokenParts(sound), [])
    assert.deepEqual(await findBrokenParts(join(root, 'nowhere')), [])
  })

  test('a part without its checksums is left out of reports, and found with its folder and rows', async () => {
    let part = ''
    const { directory, folderOf: folder } = await copy(async (at) => {
      part = await firstPart(await at.folderOf('snapshots'))
      await writeFile(join(await at.folderOf('snapshots'), part, 'checksums.txt'), '')
    })
    const path = join(await folder('snapshots'), 'detached', `broken-on-start_${part}`)
    const found = {
      path,
      problem: 'is a part of the table snapshots that the engine found damaged and detached',
      table: 'snapshots',
      rows: 100,
      isFatal: false,
    }
    await opened(directory, async (store) => {
      assert.equal((await store.totals(query)).views, 100)
      assert.deepEqual(await store.damage(), [found])
      // Later rows are accepted.
      await store.insertViews(ndjson(sampleRows(1)), 'later')
    })
    // It is found without an engine too, and nothing was deleted.
    assert.deepEqual(await findStoreDamage(directory), [found])
    assert.equal(await readFile(join(path, 'count.txt'), 'utf8'), '100')
  })

  test('a part that a killed engine was writing is no damage', async () => {
    const { directory } = await copy(async (at) => {
      const folder = await at.folderOf('snapshots')
      for (const name of ['tmp_insert_all_9_9_0', 'tmp_merge_all_1_2_1', 'delete_tmp_all_1_1_0'])
        await mkdir(join(folder, name))
    })
    assert.deepEqual(await findBrokenParts(directory), [])
  })

  for (const name of ['checksums.txt', 'columns.txt', 'count.txt']) {
    test(`a part whose ${name} is empty, invalid or missing is found before an engine opens it`, async () => {
      let path = ''
      const { directory } = await copy(async (at) => {
        const folder = await at.folderOf('snapshots')
        path = join(folder, await firstPart(folder), name)
      })
      for (const [damage, what] of [
        [() => writeFile(path, ''), 'is empty'],
        [() => writeFile(path, Buffer.alloc(3000, 'x')), 'is damaged'],
        [() => rm(path), 'is missing or cannot be read'],
      ] as const) {
        await damage()
        const problem = `${what}: the engine may leave out this part of the table snapshots`
        const rows = name === 'count.txt' ? null : 100
        assert.deepEqual(await findBrokenParts(directory), [
          { path, problem, table: 'snapshots', rows, isFatal: false },
        ])
      }
    })
  }

  test('a wrong checksum is an error of the report, never a smaller figure', async () => {
    const { directory } = await copy(async (at) => {
      const folder = await at.folderOf('snapshots')
      for (const part of await partsIn(folder)) {
        const path = join(folder, part, 'data.bin')
        const bytes = await readFile(path)
        for (let i = 100; i < bytes.length; i += 50) bytes[i] = ~(bytes[i] ?? 0)
        await writeFile(path, bytes)
      }
    })
    await opened(directory, async (store) => {
      await assert.rejects(
        store.totals(query),
        (error) => error instanceof StoreError && error.code === 'damaged',
      )
    })
  })

  const fatal: Readonly<Record<string, { damage: (at: Files) => Promise<unknown>; names: RegExp }>> = {
    'the folder of a table is gone': {
      damage: async (at) => rm(await at.folderOf('snapshots'), { recursive: true }),
      names: /store\/[0-9a-f]{3}\/[0-9a-f-]{36} is missing: the table snapshots was there/,
    },
    'the definition of a table is gone': {
      damage: (at) => rm(join(at.directory, 'metadata', 'default', 'snapshots.sql')),
      names: /metadata\/default\/snapshots\.sql is missing/,
    },
    'the definition of a table is garbage': {
      damage: (at) =>
        writeFile(join(at.directory, 'metadata', 'default', 'snapshots.sql'), Buffer.alloc(300, 7)),
      names: /metadata\/default\/snapshots\.sql is damaged/,
    },
    "a table's version is garbage": {
      damage: async (at) => writeFile(join(await at.folderOf('hours'), 'format_version.txt'), 'x'),
      names: /format_version\.txt is missing or damaged/,
    },
    "a table's mutation is garbage": {
      damage: async (at) => writeFile(join(await at.folderOf('snapshots'), 'mutation_1.txt'), 'x'),
      names: /mutation_1\.txt is damaged/,
    },
    'the record of the schema’s steps is broken': {
      damage: async (at) => {
        const folder = await at.folderOf('migrations')
        for (const part of await partsIn(folder)) await writeFile(join(folder, part, 'data.bin'), '')
      },
      names: /detached\/broken-on-start_all_\S+ is a part of the table migrations/,
    },
    'the record of one step is gone': {
      damage: async ({ directory }) => {
        const connection = await connect({ directory })
        await connection.command('ALTER TABLE migrations DELETE WHERE id = 2 SETTINGS mutations_sync = 1')
        await connection.close()
      },
      names: /the record that step 2 of the schema ran is missing/,
    },
  }
  for (const [what, { damage, names }] of Object.entries(fatal)) {
    test(`is not opened when ${what}, now or later`, async () => {
      const { directory } = await copy(damage)
      assert.match(await refusal(directory), names)
      assert.match(await refusal(directory), names)
    })
  }
})

interface Files {
  readonly directory: string
  readonly folderOf: (table: string) => Promise<string>
}

async function folderOf(directory: string, table: string): Promise<string> {
  const tables = join(directory, 'data', 'default')
  return resolve(tables, await readlink(join(tables, table)))
}

async function partsIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^all_\d+_\d+_\d+/.test(name)).toSorted()
}

async function firstPart(folder: string): Promise<string> {
  return (await partsIn(folder))[0] ?? assert.fail('there is no part')
}
