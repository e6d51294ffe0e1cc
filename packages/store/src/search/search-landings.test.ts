import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rowTime, type ViewRow } from '../model/view-row.ts'
import { openStore } from '../open-store.ts'
import { ndjson, sampleRows } from '../random-rows.testing.ts'

const site = 'aaaaaaaaaaaaaaaa'
const day = 86_400_000

test('visits from search engines are counted by post, each once', { timeout: 120_000 }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'search-landings-'))
  const store = await openStore({ directory })
  t.after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  const start = Math.floor(Date.now() / day) * day - 10 * day
  const [sample] = sampleRows(1)
  let views = 0
  const view = (post: string | null, given: Partial<ViewRow> = {}): ViewRow => ({
    ...(sample as ViewRow),
    site,
    post,
    view: `00000000-0000-4000-8000-${String(++views).padStart(12, '0')}`,
    sequence: 1,
    started_at: rowTime(start),
    received_at: rowTime(start),
    navigation: 'navigate',
    referrer_class: 'search',
    search_engine: 'Google',
    sampling: 1,
    ...given,
  })
  const rows = [
    view('1', { sampling: 0.25 }),
    view('2'),
    view('2', { navigation: 'prerender' }),
    // None of these is a visit that begins with a search.
    view('2', { navigation: 'reload' }),
    view('2', { navigation: 'back-forward' }),
    view('2', { referrer_class: 'direct', search_engine: null }),
    view('2', { started_at: rowTime(start + day) }),
    view('3', { site: 'bbbbbbbbbbbbbbbb' }),
    view(null),
  ]
  await store.insertViews(ndjson(rows), 'visits')
  // A later snapshot of a view is the same visit.
  await store.insertViews(ndjson([{ ...(rows[1] as ViewRow), sequence: 2 }]), 'later snapshot')
  const range = { from: new Date(start), to: new Date(start + day) }
  assert.deepEqual(await store.searchLandings({ site, ...range }), [
    { post: '1', views: 1, visits: 4 },
    { post: '2', views: 2, visits: 2 },
  ])
  assert.deepEqual(await store.searchLandings({ site: 'cccccccccccccccc', ...range }), [])
  const backwards = { site, from: range.to, to: range.from }
  await assert.rejects(store.searchLandings(backwards), { name: 'StoreError', code: 'bad-query' })
})
