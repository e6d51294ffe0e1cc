import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { migrate } from '../schema/migrate.ts'
import { openPglite } from './pglite.ts'

test(
  'the embedded engine frees deleted rows of tables that changed, and answers from an index alone',
  { timeout: 120_000 },
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'peerpress-vacuum-'))
    const database = await openPglite(directory)
    t.after(async () => {
      await database.close()
      rmSync(directory, { recursive: true, force: true })
    })
    await migrate(database)
    await database.query(
      `insert into peerpress.standing_vote (submission, member, value, weight, seq)
     select n / 100, n, 1, 0, n from generate_series(1, 10000) n`,
    )
    await database.query("delete from peerpress.standing_vote where submission = '50'")
    await database.vacuum()
    const [table] = await database.query(
      `select reltuples::int as rows, relallvisible > 0 as "isVisible" from pg_class
     where oid = 'peerpress.standing_vote'::regclass`,
    )
    assert.deepEqual(table, { rows: 9900, isVisible: true })
    const plan = await database.query<Record<string, string>>(
      "explain (analyze, costs off) select member from peerpress.standing_vote where submission = '7' and value = 1",
    )
    const text = plan.map((row) => row['QUERY PLAN']).join('\n')
    assert.match(text, /Index Only Scan using standing_vote_voters/)
    assert.match(text, /Heap Fetches: 0/)
    const cleaned = async () => {
      await database.query('select pg_stat_force_next_flush()')
      const counts = await database.query<{ name: string; runs: number }>(
        `select relname as name, vacuum_count::int as runs from pg_stat_user_tables
       where schemaname = 'peerpress' and relname in ('standing_vote', 'account') order by 1`,
      )
      return counts.map(({ name, runs }) => [name, runs])
    }
    const once = [
      ['account', 0],
      ['standing_vote', 1],
    ]
    assert.deepEqual(await cleaned(), once)
    await database.vacuum()
    assert.deepEqual(await cleaned(), once)
  },
)
