import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../open-store.ts'
import { ndjson, range, sampleRows, sites } from '../random-rows.testing.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'

describe('reports on behalf of a caller', { timeout: 120_000 }, () => {
  let directory: string
  let store: Store
  const query = { site: sites[0], ...range }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'reports-for-'))
    store = await openStore({ directory })
    await store.insertViews(ndjson(sampleRows(50)), 'views')
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('are the same as those of the store', async () => {
    assert.deepEqual(await store.reportsFor({ caller: 1 }).totals(query), await store.totals(query))
  })

  test('end with their caller, and another caller still gets a result that both waited for', async () => {
    const expected = await store.totals(query)
    // A write makes the next query read the state of the rollups again, once for both callers.
    await store.insertViews(ndjson(sampleRows(50)), 'again')
    const leaving = new AbortController()
    const reports = store.reportsFor({ caller: 1, signal: leaving.signal })
    const left = [reports.totals(query), reports.sessions(query), reports.breakdown(query, 'country', 5)]
    const stays = store.reportsFor({ caller: 2 }).totals(query)
    leaving.abort()
    for (const answer of left) await assert.rejects(answer, hasCode('aborted'))
    assert.deepEqual(await stays, expected)
    await assert.rejects(reports.visitors(query), hasCode('aborted'))
  })

  test('a rollup whose signal is aborted reports that units are left', async () => {
    assert.equal(await store.roll(AbortSignal.abort()), false)
    assert.equal(await store.roll(), true)
  })
})

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}
