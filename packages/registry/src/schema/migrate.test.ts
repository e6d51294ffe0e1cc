import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../engines/database.ts'
import { migrate } from './migrate.ts'
import { openPglite } from '../engines/pglite.ts'

describe('migrations', { timeout: 300_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-migrations-'))
  let database: Database
  before(async () => {
    database = await openPglite(directory, { isEmpty: true })
  })
  after(async () => {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const tables = () =>
    database.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'peerpress' order by 1`,
    )

  test('a site of a release without modes is recorded as full, and as what its old pages count as', async () => {
    const stepWithoutModes = 4
    await migrate(database, stepWithoutModes)
    await database.query(
      `insert into peerpress.site (id, url, origins, consent, allow_private_addresses, private_key, public_key,
         webhook_secret, created_at)
       values ('abcdefgh01234567', 'https://old.example/', '{}', 'notice', false, '', '', 'whsec_', now())`,
    )
    await migrate(database)
    const rows = await database.query(
      'select mode, consent, unstated_mode, unstated_consent from peerpress.site',
    )
    assert.deepEqual(rows, [
      { mode: 'full', consent: 'notice', unstated_mode: 'full', unstated_consent: 'notice' },
    ])
  })

  test('applied twice, also at the same time, they change nothing the second time', async () => {
    await migrate(database)
    const expected = await tables()
    await Promise.all([migrate(database), migrate(database)])
    assert.deepEqual(await tables(), expected)
    const applied = await database.query<{ version: number }>('select version from peerpress.migration')
    assert.deepEqual(
      applied.map(({ version }) => version),
      applied.map((_, index) => index + 1),
    )
  })

  test('the seeds of release 0.1 go on with tokens derived from the operator token of then', async () => {
    const older = await openPglite(join(directory, 'seeds'), { isEmpty: true })
    try {
      await migrate(older, 11)
      await older.query(
        `insert into peerpress.site (id, url, origins, consent, allow_private_addresses, private_key, public_key,
           webhook_secret, created_at, mode, unstated_mode, unstated_consent)
         values ('abcdefgh01234567', 'https://old.example/', '{}', 'notice', false, '', '', 'whsec_', now(), 'full', 'full', 'notice')`,
      )
      await older.query(`insert into peerpress.secret (name, value) values ('operator-token', '\\x07')`)
      await migrate(older)
      assert.deepEqual(await older.query('select has_derived_seed_tokens from peerpress.site'), [
        { has_derived_seed_tokens: true },
      ])
      const keys = await older.query<{ value: Uint8Array }>(
        `select value from peerpress.secret where name = 'derived-seed-key'`,
      )
      assert.deepEqual(
        keys.map(({ value }) => [...value]),
        [[7]],
      )
    } finally {
      await older.close()
    }
  })

  test('older posts get the statement that their publications and events imply', async () => {
    const older = await openPglite(join(directory, 'older'), { isEmpty: true })
    try {
      await migrate(older, 4)
      for (const site of ['with-events', 'without']) {
        await older.query(
          `insert into peerpress.site (id, url, origins, consent, allow_private_addresses, private_key, public_key,
           webhook_secret, created_at) values ($1, $1, '{}', 'assumed', false, '', '', '', now())`,
          [site],
        )
        for (const post of ['public', 'revoked']) {
          await older.query(
            `insert into peerpress.post (site, post, url, version, revoked, published_at, envelope)
             values ($1, $2, '', 1, $3, now(), '')`,
            [site, post, post === 'revoked'],
          )
        }
      }
      await older.query(
        `insert into peerpress.event (site, id, received_at) values ('with-events', 'evt', now())`,
      )
      await migrate(older)
      assert.deepEqual(
        await older.query('select site, post, says from peerpress.post_statement order by post'),
        [
          { site: 'with-events', post: 'public', says: 'published' },
          { site: 'with-events', post: 'revoked', says: 'suspended' },
        ],
      )
    } finally {
      await older.close()
    }
  })

  test('a database of a newer release is left alone', async () => {
    await database.query('insert into peerpress.migration (version) values (9999)')
    await assert.rejects(migrate(database), { code: 'newer-database' })
    await database.query('delete from peerpress.migration where version = 9999')
  })

  test('a transaction that throws leaves nothing', async () => {
    await assert.rejects(
      database.transaction(async (sql) => {
        await sql.query(`insert into peerpress.secret (name, value) values ('x', '')`)
        throw new Error('no')
      }),
      /no/,
    )
    assert.deepEqual(await database.query('select name from peerpress.secret'), [])
  })
})
