import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../engines/database.ts'
import { openPglite } from '../engines/pglite.ts'
import { keysetPage, type KeysetQuery, type Place } from './keyset.ts'

describe('a page of a statement', { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-keyset-'))
  let database: Database
  before(async () => {
    database = await openPglite(directory, { isEmpty: true })
    await database.query('create table entry (is_open boolean, at timestamptz, day date, name text)')
    await database.query(`insert into entry values
      (true, '2026-01-01 00:00:00.000001Z', '2026-01-01', 'ä'),
      (true, '2026-01-01 00:00:00.000002Z', '2026-01-01', 'Z'),
      (true, '2026-01-01 00:00:00.000002Z', '2026-01-02', 'a'),
      (true, '2026-01-01 00:00:00.000002Z', '2026-01-02', 'b"{},'),
      (false, '2026-05-01 02:00:00+02', '2026-01-02', 'b')`)
  })
  after(async () => {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  })

  const page = (query: KeysetQuery) =>
    keysetPage(
      database,
      {
        columns: 'name',
        from: 'entry',
        order: [
          ['is_open', 'boolean'],
          ['at', 'time'],
          ['day', 'day'],
          ['name', 'text'],
        ],
        read: ({ name }: { readonly name: string }) => name,
      },
      query,
    )
  const namesOf = async (query: KeysetQuery) => (await page(query)).map(({ item }) => item)

  test('is exact to the microsecond, and orders texts by their bytes', async () => {
    const all = await page({ fromEnd: false, limit: 9 })
    const names = all.map(({ item }) => item)
    assert.deepEqual(names, ['b"{},', 'a', 'Z', 'ä', 'b'])
    assert.deepEqual(all[0]?.place, ['1', '1767225600000002', '2026-01-02', 'b"{},'])
    assert.deepEqual(all[4]?.place, ['0', '1777593600000000', '2026-01-02', 'b'])
    for (const [i, { place }] of all.entries()) {
      assert.deepEqual(await namesOf({ after: place, fromEnd: false, limit: 9 }), names.slice(i + 1))
      assert.deepEqual(await namesOf({ before: place, fromEnd: false, limit: 9 }), names.slice(0, i))
      assert.deepEqual(
        await namesOf({ before: place, fromEnd: true, limit: 1 }),
        names.slice(Math.max(0, i - 1), i),
      )
    }
  })

  test('ends where its place is, whether or not the row is still there', async () => {
    const place = ['1', '1767225600000002', '2026-01-02', 'aa']
    assert.deepEqual(await namesOf({ after: place, fromEnd: false, limit: 1 }), ['a'])
  })

  test('is refused for values that the order cannot have', async () => {
    const right: Place = ['1', '1767225600000002', '2026-01-02', 'a']
    for (const [at, texts] of [
      ['2', '', 't', "1'; drop table entry"],
      ['-1', '1e3', '9007199254740993', '9'.repeat(17), 'infinity', ''],
      ['2026-02-30', '2026-13-01', '0000-01-01', '20260102', 'infinity', ''],
      ['a\0'],
    ].entries()) {
      for (const text of texts) {
        await assert.rejects(page({ after: right.with(at, text), fromEnd: false, limit: 1 }), {
          code: 'invalid-place',
        })
      }
    }
  })
})
