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

test(
  'a post has its search visits and the engaged time of all its views',
  { timeout: 120_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'page-visits-'))
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
      engaged_ms: 1500,
      ...given,
    })
    const rows = [
      view('1'),
      view('1', { sampling: 0.5 }),
      // The engaged time of other views counts, and they are no search visits.
      view('1', { navigation: 'reload' }),
      view('1', { referrer_class: 'direct', search_engine: null }),
      view('2', { engaged_ms: 0 }),
      view('2', { started_at: rowTime(start + day) }),
      view('3', { site: 'bbbbbbbbbbbbbbbb' }),
      view(null),
    ]
    const grown = { ...(rows[4] as ViewRow), sequence: 2, engaged_ms: 4000 }
    await store.insertViews(ndjson(rows), 'visits')
    await store.insertViews(ndjson([grown]), 'later snapshot')
    const found = await store.pageVisits({ site, from: new Date(start), to: new Date(start + day) })
    assert.deepEqual(found, [
      { post: '1', searchVisits: 3, engagedSeconds: 7.5 },
      { post: '2', searchVisits: 1, engagedSeconds: 4 },
    ])
    await assert.rejects(store.pageVisits({ site, from: new Date(start), to: new Date(start) }), {
      code: 'bad-query',
    })
  },
)
