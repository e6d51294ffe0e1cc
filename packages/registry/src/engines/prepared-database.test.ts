import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { copyPreparedDatabase, makerOfDatabases, preparedName } from './prepared-database.ts'

async function prepare(t: TestContext, maker = makerOfDatabases()) {
  const parent = await mkdtemp(join(tmpdir(), 'peerpress-prepared-'))
  t.after(() => rm(parent, { recursive: true }))
  const prepared = join(parent, 'dist')
  await mkdir(join(prepared, 'one', 'base'), { recursive: true })
  await writeFile(join(prepared, 'one', 'base', '1'), 'a table')
  await writeFile(join(prepared, preparedName), JSON.stringify({ maker, folder: 'one' }))
  return { prepared, copy: join(parent, 'copy') }
}

test('the database that the build names is copied', async (t) => {
  const { prepared, copy } = await prepare(t)
  assert.equal(copyPreparedDatabase(copy, prepared), true)
  assert.equal(await readFile(join(copy, 'base', '1'), 'utf8'), 'a table')
})

test('nothing is copied before a build, and of another engine or schema', async (t) => {
  const { prepared, copy } = await prepare(t, makerOfDatabases().replace('pglite', 'another'))
  assert.equal(copyPreparedDatabase(copy, prepared), false)
  assert.equal(copyPreparedDatabase(copy, `${prepared}-none`), false)
  assert.equal(existsSync(copy), false)
})

test('a build that removes the database while it is copied leaves no part of it', async (t) => {
  const { prepared, copy } = await prepare(t)
  // A file that is listed and is gone when it is read, as those of a replaced build are.
  await symlink(join(prepared, 'removed'), join(prepared, 'one', 'base', '2'))
  assert.equal(copyPreparedDatabase(copy, prepared), false)
  assert.equal(existsSync(copy), false)
  rmSync(join(prepared, 'one'), { recursive: true })
  assert.equal(copyPreparedDatabase(copy, prepared), false)
})

test('a folder that cannot be written to is an error', async (t) => {
  const { prepared, copy } = await prepare(t)
  assert.throws(() => copyPreparedDatabase(join(copy, 'no', 'parent'), prepared), { code: 'ENOENT' })
})
