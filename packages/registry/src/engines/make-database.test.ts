import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { initializeDatabase, makeDatabase } from './make-database.ts'
import { PGlite } from '@electric-sql/pglite'
import { findPostgresDamage } from './postgres-files.ts'

test(
  'a database appears when it is complete, and what a killed process left of another goes',
  { timeout: 60_000 },
  async (t) => {
    const parent = await mkdtemp(join(tmpdir(), 'peerpress-make-database-'))
    t.after(() => rm(parent, { recursive: true }))
    // What a process leaves that was killed while it made one.
    await mkdir(join(parent, 'postgres.new-1', 'base'), { recursive: true })
    await writeFile(join(parent, 'postgres.new-1', 'PG_VERSION'), '')
    const directory = join(parent, 'postgres')
    await makeDatabase(directory)
    assert.deepEqual(await readdir(parent), ['postgres'])
    assert.equal(findPostgresDamage(directory), null)
  },
)

test(
  'a database that the build prepared and one that is initialized anew have the same settings and catalogue',
  { timeout: 60_000 },
  async (t) => {
    const parent = await mkdtemp(join(tmpdir(), 'peerpress-make-database-'))
    t.after(() => rm(parent, { recursive: true }))
    await makeDatabase(join(parent, 'made'))
    await initializeDatabase(join(parent, 'initialized'))
    const contentsOf = async (name: string) => {
      const engine = await PGlite.create(join(parent, name))
      const settings = await engine.query('select name, setting from pg_settings order by name')
      const relations = await engine.query('select oid, relname from pg_class order by oid')
      await engine.close()
      return { settings: settings.rows, relations: relations.rows }
    }
    assert.deepEqual(await contentsOf('made'), await contentsOf('initialized'))
  },
)

test('a copied database is as closed to other users as the umask says', { timeout: 60_000 }, async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'peerpress-make-database-'))
  t.after(() => rm(parent, { recursive: true }))
  const script = `process.umask(0o077)
    const { makeDatabase } = await import(${JSON.stringify(new URL('make-database.ts', import.meta.url).href)})
    await makeDatabase(${JSON.stringify(join(parent, 'postgres'))})`
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  const entries = await readdir(join(parent, 'postgres'), { recursive: true })
  assert.ok(entries.length > 100)
  for (const name of entries) {
    const { mode } = await stat(join(parent, 'postgres', name))
    assert.equal(mode & 0o077, 0, name)
  }
})
