import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeDatabase } from './make-database.ts'
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
