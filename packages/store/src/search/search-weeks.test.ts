import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../open-store.ts'
import { ndjson, sampleRows } from '../random-rows.testing.ts'
import type { Store } from '../store.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'
import { addWeeks, type SearchWeek, weekStart } from './search-week.ts'

const dayMs = 86_400_000
const monday = addWeeks(weekStart(Date.now()), -8)
const site = 'aaaaaaaaaaaaaaaa'

describe('weekly search visits', { timeout: 180_000 }, () => {
  let directory: string
  let store: Store
  const [sample] = sampleRows(1)
  let views = 0

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'search-weeks-'))
    store = await openStore({ directory })
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Inserts one visit from Google in Germany, with the values in `given`. */
  async function visit(at: number, given: Partial<ViewRow> = {}): Promise<ViewRow> {
    const view = `00000000-0000-4000-8000-${String(++views).padStart(12, '0')}`
    const row: ViewRow = {
      ...(sample as ViewRow),
      site,
      view,
      sequence: 1,
      started_at: rowTime(at),
      received_at: rowTime(at),
      navigation: 'navigate',
      referrer_class: 'search',
      search_engine: 'Google',
      country: 'DE',
      subdivision: null,
      sampling: 1,
      ...given,
    }
    await store.insertViews(ndjson([row]), `${view} ${row.sequence}`)
    return row
  }
  const weeksOf = async (of = site) =>
    new Map((await store.searchWeeks(of)).map((week) => [week.start.getTime(), week]))
  const places = (week: SearchWeek | undefined) =>
    week?.counts.map(({ country, engine, views: n, visits }) => [country, engine, n, visits])

  test('weeks begin on Monday in UTC', () => {
    assert.equal(weekStart(monday), monday)
    assert.equal(weekStart(monday - 1), addWeeks(monday, -1))
    assert.equal(weekStart(monday + 7 * dayMs - 1), monday)
  })

  test('visits are counted by place and engine, and other views are not', async () => {
    await visit(monday)
    await visit(monday + 6 * dayMs)
    await visit(monday + dayMs, { search_engine: 'Bing', sampling: 0.25 })
    await visit(monday + dayMs, { country: 'FR', navigation: 'prerender' })
    await visit(monday + dayMs, { country: null, search_engine: null })
    // The referrer stays when a page is loaded again.
    await visit(monday + dayMs, { navigation: 'reload' })
    await visit(monday + dayMs, { navigation: 'back-forward' })
    await visit(monday + dayMs, { referrer_class: 'direct', search_engine: null })
    await visit(monday + 7 * dayMs)
    const row = await visit(monday + dayMs, { country: 'GB' })
    await store.insertViews(ndjson([{ ...row, sequence: 2, country: 'GB' }]), 'second snapshot')

    assert.equal(await store.countSearchWeeks({ site, now: new Date(monday + 7 * dayMs) }), 1)
    const weeks = await weeksOf()
    assert.deepEqual([...weeks.keys()], [monday])
    assert.deepEqual(places(weeks.get(monday)), [
      [null, null, 1, 1],
      ['DE', 'Bing', 1, 4],
      ['DE', 'Google', 2, 2],
      ['FR', 'Google', 1, 1],
      ['GB', 'Google', 1, 1],
    ])
  })

  test('a week without visits is counted as such', async () => {
    const now = new Date(monday + 28 * dayMs)
    await store.countSearchWeeks({ site, now })
    const weeks = await weeksOf()
    assert.deepEqual(
      [...weeks.keys()],
      [0, 1, 2, 3].map((n) => addWeeks(monday, n)),
    )
    assert.deepEqual(places(weeks.get(addWeeks(monday, 2))), [])
  })

  test('the last two weeks are counted again, so that late reports count and corrected places move', async () => {
    const now = new Date(monday + 28 * dayMs + 1)
    const moved = await visit(addWeeks(monday, 3), { country: 'IT' })
    await store.countSearchWeeks({ site, now })
    assert.deepEqual(places((await weeksOf()).get(addWeeks(monday, 3))), [['IT', 'Google', 1, 1]])
    await store.insertViews(ndjson([{ ...moved, sequence: 2, country: 'ES' }]), 'moved')
    await visit(monday, { country: 'IT' })
    const again = new Date(now.getTime() + dayMs)
    assert.equal(await store.countSearchWeeks({ site, now: again }), 2)
    const weeks = await weeksOf()
    assert.deepEqual(places(weeks.get(addWeeks(monday, 3))), [['ES', 'Google', 1, 1]])
    assert.ok(!places(weeks.get(monday))?.some(([country]) => country === 'IT'))
  })

  test('a count replaces the one before it even if the clock was set back meanwhile', async () => {
    await visit(addWeeks(monday, 3), { country: 'SE' })
    await store.countSearchWeeks({ site, now: new Date(monday + 28 * dayMs - 1) })
    const stale = places((await weeksOf()).get(addWeeks(monday, 3)))
    await store.countSearchWeeks({ site, now: new Date(monday + 28 * dayMs) })
    const fresh = places((await weeksOf()).get(addWeeks(monday, 3)))
    assert.ok(!stale?.some(([country]) => country === 'SE'))
    assert.ok(fresh?.some(([country]) => country === 'SE'))
  })

  test('the retention of views does not remove counts, and views that are partly removed are not counted', async () => {
    const known = await weeksOf()
    await store.retain(site, 8)
    assert.equal(await store.countSearchWeeks({ site, now: new Date(monday + 45 * dayMs) }), 0)
    assert.deepEqual(await weeksOf(), known)
    await store.retain(site, null)
  })

  test('a site without views has no counted week, and a removed site has none any more', async () => {
    const other = 'bbbbbbbbbbbbbbbb'
    assert.equal(await store.countSearchWeeks({ site: other, now: new Date(monday) }), 0)
    await visit(monday, { site: other })
    await store.countSearchWeeks({ site: other, now: new Date(monday + 7 * dayMs) })
    assert.equal((await weeksOf(other)).size, 1)
    await store.removeSite(other)
    assert.equal((await weeksOf(other)).size, 0)
    assert.ok((await weeksOf()).size > 0)
  })

  test('a count that is stopped starts no further week', async () => {
    const now = new Date(monday + 70 * dayMs)
    const signal = AbortSignal.abort(new Error('stopped'))
    await assert.rejects(store.countSearchWeeks({ site, now, signal }), { code: 'aborted' })
  })
})
