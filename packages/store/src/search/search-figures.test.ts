import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import type { SearchFigureRow, SearchFiguresQuery } from './search-figure.ts'

const site = 'aaaaaaaaaaaaaaaa'
const property = 'sc-domain:garden.example'
const range = { site, property, firstDay: '2026-03-01', lastDay: '2026-03-31' }

describe("figures of a search engine's console", { timeout: 180_000 }, () => {
  let directory: string
  let store: Store
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'search-figures-'))
    store = await openStore({ directory })
  })
  after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  const total = (clicks: number, impressions: number): SearchFigureRow => ({
    kind: 'total',
    key: '',
    clicks,
    impressions,
    position: 5,
  })
  const query = (key: string, clicks: number, impressions: number, position = 5): SearchFigureRow => ({
    kind: 'query',
    key,
    clicks,
    impressions,
    position,
  })
  const record = (day: string, rows: readonly SearchFigureRow[], at = Date.UTC(2026, 3, 1)) =>
    store.recordSearchDays({ site, property, days: [{ day, rows }], readAt: new Date(at) })
  const list = (given: Partial<SearchFiguresQuery> = {}) =>
    store.searchFigures({ ...range, kind: 'query', order: 'clicks', after: null, limit: 100, ...given })
  const keys = async (given: Partial<SearchFiguresQuery> = {}) => (await list(given)).map(({ key }) => key)

  test('days are summed up by key, and the position is the mean over impressions', async () => {
    await record('2026-03-01', [total(30, 300), query('tea', 10, 100, 2), query('pots', 5, 10, 1)])
    await record('2026-03-02', [total(40, 500), query('tea', 10, 300, 6)])
    assert.deepEqual(await list(), [
      { key: 'tea', clicks: 20, impressions: 400, position: 5, ctr: 0.05 },
      { key: 'pots', clicks: 5, impressions: 10, position: 1, ctr: 0.5 },
    ])
    assert.deepEqual(await store.searchSums(range), [
      { kind: 'query', clicks: 25, impressions: 410, position: (400 * 5 + 10) / 410, days: 2 },
      { kind: 'total', clicks: 70, impressions: 800, position: 5, days: 2 },
    ])
    assert.deepEqual(await keys({ order: 'ctr' }), ['pots', 'tea'])
    assert.deepEqual(await keys({ order: 'position' }), ['pots', 'tea'])
    assert.deepEqual(await keys({ kind: 'page' }), [])
    assert.deepEqual(await keys({ firstDay: '2026-03-02' }), ['tea'])
  })

  test('a later reading replaces a day, also with fewer keys and a clock that was set back', async () => {
    await record('2026-03-03', [total(9, 9), query('old', 9, 9)])
    await record('2026-03-03', [total(8, 8), query('new', 8, 8)], Date.UTC(2026, 2, 4))
    assert.deepEqual(await keys({ firstDay: '2026-03-03' }), ['new'])
    await record('2026-03-03', [total(0, 0)])
    assert.deepEqual(await keys({ firstDay: '2026-03-03' }), [])
    const sums = await store.searchSums({ ...range, firstDay: '2026-03-03' })
    assert.deepEqual(sums, [{ kind: 'total', clicks: 0, impressions: 0, position: 0, days: 1 }])
  })

  test('pages continue after the last row, also among rows of the same value and hostile keys', async () => {
    const hostile = [
      "'); DROP TABLE search_figures; --",
      '<script>',
      '=HYPERLINK("http://x")',
      '\u202e',
      'a\tb\\',
    ]
    const rows = hostile.map((key, i) => query(key, 1, 100 + (i % 2)))
    await record('2026-03-09', [total(5, 500), ...rows, query('first', 2, 1)])
    for (const order of ['clicks', 'impressions', 'ctr', 'position'] as const) {
      const firstDay = '2026-03-09'
      const seen: string[] = []
      let last: SearchFiguresQuery['after'] = null
      for (;;) {
        const [row] = await list({ firstDay, order, limit: 1, after: last })
        if (row === undefined) break
        seen.push(row.key)
        last = { value: row[order], key: row.key }
      }
      assert.deepEqual(seen, await keys({ firstDay, order }))
      assert.deepEqual(seen.toSorted(), [...hostile, 'first'].toSorted())
    }
  })

  test('days, lists and sizes that cannot be are refused', async () => {
    for (const given of [
      { firstDay: '2026-02-30' },
      { lastDay: "2026-03-01'" },
      { limit: 0 },
      { limit: 1001 },
      { order: 'clicks; DROP' as never },
      { kind: 'total' as never },
    ]) {
      await assert.rejects(list(given), { code: 'bad-query' })
    }
    await assert.rejects(record('1969-12-31', [total(1, 1)]), { code: 'bad-query' })
  })

  test('figures of two properties of a site are never mixed', async () => {
    const other = { ...range, property: "https://garden.example/'" }
    const rows = [total(3, 30), query('tea', 3, 30)]
    await record('2026-03-20', [total(9, 90), query('tea', 9, 90)])
    const days = [{ day: '2026-03-20', rows }]
    await store.recordSearchDays({ ...other, days, readAt: new Date(0) })
    const mine = { ...range, firstDay: '2026-03-20' }
    // Rows of the same key replace each other: a day without its total is one that must be read again.
    assert.deepEqual(await store.searchSums(mine), [])
    assert.ok(!(await store.searchDays(range)).includes('2026-03-20'))
    const [sum] = await store.searchSums({ ...mine, property: other.property })
    assert.deepEqual(sum, { kind: 'query', clicks: 3, impressions: 30, position: 5, days: 1 })
    assert.deepEqual(await store.searchDays(other), ['2026-03-20'])
    await store.removeSearchFigures(site, property)
    assert.deepEqual(await store.searchDays(other), [])
    assert.notDeepEqual(await store.searchDays(range), [])
  })

  test('figures are removed with their site, or alone', async () => {
    await store.removeSearchFigures(site, null)
    assert.deepEqual(await store.searchSums(range), [])
    await record('2026-03-01', [total(1, 1)])
    assert.equal((await store.searchSums(range)).length, 1)
    await store.removeSite(site)
    assert.deepEqual(await store.searchSums(range), [])
  })
})
