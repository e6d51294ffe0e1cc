import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findPostgresDamage } from './postgres-files.ts'
import { openRegistry } from '../open-registry.ts'
import { openPglite } from './pglite.ts'
import { RegistryError } from '../registry-error.ts'
import { input } from '../suite.testing.ts'

describe('an embedded registry whose files are damaged', { timeout: 300_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'peerpress-damage-'))
  const sound = join(root, 'sound')
  let count = 0
  let site = ''

  before(async () => {
    const registry = await openRegistry({ directory: sound })
    site = (await registry.sites.add(input)).site.id
    await registry.close()
  })
  after(() => rmSync(root, { recursive: true, force: true }))

  /** A copy of the sound one, damaged. */
  const copy = (damage: (postgres: string, directory: string) => void): string => {
    const directory = join(root, `copy-${count++}`)
    cpSync(sound, directory, { recursive: true })
    damage(join(directory, 'postgres'), directory)
    return directory
  }
  const refusal = async (directory: string): Promise<RegistryError> => {
    const error: unknown = await openRegistry({ directory }).then(
      async (registry) => registry.close(),
      (refused: unknown) => refused,
    )
    assert.ok(error instanceof RegistryError, `opened, or ${String(error)}`)
    assert.ok(!error.message.includes('\n'))
    return error
  }
  const segments = (postgres: string) =>
    readdirSync(join(postgres, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name))

  const damages: Readonly<Record<string, { damage: (postgres: string) => void; names: RegExp }>> = {
    'PG_VERSION is gone': { damage: (at) => rmSync(join(at, 'PG_VERSION')), names: /PG_VERSION is missing/ },
    'PG_VERSION is garbage': {
      damage: (at) => writeFileSync(join(at, 'PG_VERSION'), randomBytes(9)),
      names: /PG_VERSION is damaged/,
    },
    'PG_VERSION is of another version': {
      damage: (at) => writeFileSync(join(at, 'PG_VERSION'), '12\n'),
      names: /PG_VERSION is of PostgreSQL 12; this release reads 18/,
    },
    'pg_control is gone': {
      damage: (at) => rmSync(join(at, 'global', 'pg_control')),
      names: /global\/pg_control is missing/,
    },
    'pg_control is empty': {
      damage: (at) => writeFileSync(join(at, 'global', 'pg_control'), ''),
      names: /global\/pg_control is cut short \(0 bytes\)/,
    },
    'pg_control is garbage': {
      damage: (at) => writeFileSync(join(at, 'global', 'pg_control'), Buffer.alloc(8192, 'garbage')),
      names: /postgres cannot be opened \(database files are incompatible/,
    },
    'the log is gone': {
      damage: (at) => {
        for (const name of segments(at)) rmSync(join(at, 'pg_wal', name))
      },
      names: /pg_wal holds no segment/,
    },
    'the log is garbage': {
      damage: (at) => {
        for (const name of segments(at)) {
          writeFileSync(join(at, 'pg_wal', name), Buffer.alloc(16 * 1024 ** 2, 'garbage'))
        }
      },
      names: /could not locate a valid checkpoint record/,
    },
    'a database is gone': {
      damage: (at) => rmSync(join(at, 'base', '5'), { recursive: true }),
      names: /base holds 2 databases instead of three/,
    },
    "a database's version is garbage": {
      damage: (at) => writeFileSync(join(at, 'base', '5', 'PG_VERSION'), randomBytes(9)),
      names: /base\/5\/PG_VERSION is damaged/,
    },
  }
  for (const [what, { damage, names }] of Object.entries(damages)) {
    test(`is refused in one line that names the file and the way out, and left as it is: ${what}`, async () => {
      const directory = copy(damage)
      const postgres = join(directory, 'postgres')
      const found = contents(postgres)
      const { code, message } = await refusal(directory)
      assert.equal(code, 'damaged')
      assert.match(message, names)
      assert.ok(message.includes(postgres), message)
      assert.match(message, /\.\/peerpress restore/)
      // What Postgres notes of its own process is no data.
      found.delete('postmaster.pid')
      const left = contents(postgres)
      left.delete('postmaster.pid')
      assert.deepEqual(left, found)
    })
  }

  test('is refused if a single table is garbage', async () => {
    const directory = copy(() => undefined)
    const database = await openPglite(directory)
    const [row] = await database.query<{ path: string }>(
      `select pg_relation_filepath('peerpress.migration') as path`,
    )
    await database.close()
    assert.ok(row)
    writeFileSync(join(directory, 'postgres', row.path), Buffer.alloc(8192, 'garbage'))
    const { code, message } = await refusal(directory)
    assert.equal(code, 'damaged')
    assert.match(message, /copy-\d+ cannot be read \(invalid page in block 0 of relation "base\/5\/\d+"\)/)
  })

  test('reports the damage when its jobs start and a table of the queue is garbage', async (t) => {
    const directory = copy(() => undefined)
    const first = await openRegistry({ directory })
    await first.jobs.start()
    await first.close()
    const database = await openPglite(directory)
    const [row] = await database.query<{ path: string }>(
      `select pg_relation_filepath('peerpress_jobs.version') as path`,
    )
    await database.close()
    assert.ok(row)
    writeFileSync(join(directory, 'postgres', row.path), Buffer.alloc(8192, 'garbage'))
    const registry = await openRegistry({ directory })
    t.after(() => registry.close())
    await assert.rejects(registry.jobs.start(), { code: 'damaged', message: /invalid page in block 0/ })
  })

  test('opens with all its records if only the lock file is garbage', async () => {
    const directory = copy((_postgres, at) => writeFileSync(join(at, 'owner.lock'), randomBytes(5000)))
    const registry = await openRegistry({ directory })
    try {
      assert.equal((await registry.sites.get(site))?.id, site)
      assert.equal((await refusal(directory)).code, 'locked')
    } finally {
      await registry.close()
    }
  })

  test('reports a folder in the place of its lock file', async () => {
    const directory = copy((_postgres, at) => {
      rmSync(join(at, 'owner.lock'))
      mkdirSync(join(at, 'owner.lock'))
    })
    const { code, message } = await refusal(directory)
    assert.equal(code, 'unusable-directory')
    assert.match(message, /owner\.lock cannot be locked \(.+\): make the folder writable, or move away/)
  })

  test('no damage is found in an intact registry, nor in an empty folder', () => {
    assert.equal(findPostgresDamage(join(sound, 'postgres')), null)
    assert.equal(findPostgresDamage(join(root, 'nowhere')), null)
  })
})

test('the error for an unreachable PostgreSQL server names the setting', async () => {
  await assert.rejects(openRegistry({ url: 'postgres://nobody:secret@127.0.0.1:1/none' }), (error) => {
    assert.ok(error instanceof RegistryError)
    assert.equal(error.code, 'unavailable')
    assert.match(error.message, /PEERPRESS_POSTGRES_URL cannot be used \(connect ECONNREFUSED/)
    assert.doesNotMatch(error.message, /secret/)
    return true
  })
})

/** Each file of a folder with a digest of what is in it. */
function contents(directory: string): Map<string, string> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
        return [path.slice(directory.length + 1), digest]
      }),
  )
}
