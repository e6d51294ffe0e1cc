import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { openRegistry } from '../open-registry.ts'
import { initializeDatabase, makeDatabase } from './make-database.ts'
import { postgresFolder } from './pglite.ts'
import { copyPreparedDatabase } from './prepared-database.ts'
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
  'a registry on the database that the build prepared is the same as one on a database made anew',
  { timeout: 60_000 },
  async (t) => {
    const parent = await mkdtemp(join(tmpdir(), 'peerpress-make-database-'))
    t.after(() => rm(parent, { recursive: true }))
    const anew = join(parent, 'anew')
    await mkdir(anew)
    await initializeDatabase(join(anew, postgresFolder))
    const contentsOf = async (directory: string) => {
      const registry = await openRegistry({ directory })
      await registry.jobs.start()
      await registry.close()
      const engine = await PGlite.create(join(directory, postgresFolder))
      const rowsOf = async (sql: string) => (await engine.query(sql)).rows
      const contents = {
        settings: await rowsOf('select name, setting from pg_settings order by name'),
        columns:
          await rowsOf(`select table_schema, table_name, column_name, data_type, column_default, is_nullable
          from information_schema.columns where table_schema like 'peerpress%' order by 1, 2, 3`),
        indexes: await rowsOf(
          "select schemaname, indexname, indexdef from pg_indexes where schemaname like 'peerpress%' order by 1, 2",
        ),
        functions: await rowsOf(
          "select proname, prosrc from pg_proc join pg_namespace n on n.oid = pronamespace where nspname like 'peerpress%' order by 1, 2",
        ),
        steps: await rowsOf('select version from peerpress.migration order by 1'),
      }
      await engine.close()
      return contents
    }
    const prepared = await contentsOf(join(parent, 'prepared'))
    assert.ok(prepared.columns.length > 100)
    assert.deepEqual(prepared, await contentsOf(anew))
  },
)

test('the database that the build prepared has no records', { timeout: 60_000 }, async (t) => {
  const parent = await mkdtemp(join(tmpdir(), 'peerpress-make-database-'))
  t.after(() => rm(parent, { recursive: true }))
  assert.equal(copyPreparedDatabase(join(parent, 'copy')), true)
  const engine = await PGlite.create(join(parent, 'copy'))
  const tables = await engine.query<{ name: string }>(
    "select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables where schemaname like 'peerpress%'",
  )
  const filled: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await engine.query(`select 1 from ${name} limit 1`)
    if (rows.length > 0) filled.push(name)
  }
  await engine.close()
  assert.deepEqual(filled.toSorted(), [
    'peerpress.migration',
    'peerpress_jobs.queue',
    'peerpress_jobs.version',
  ])
})

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
