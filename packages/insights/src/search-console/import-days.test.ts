import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { googleRow } from './google.testing.ts'
import { dayMs, openTestSearchConsole, type TestSearchConsole } from './search-console.testing.ts'

describe('imports of Search Console', { timeout: 300_000 }, () => {
  let opened: TestSearchConsole
  before(async () => {
    opened = await openTestSearchConsole()
  })
  after(() => opened.close())
  afterEach(() => opened.reset())

  test('16 months are imported day by day in Pacific time, and days that may change are read again', async () => {
    opened.lastDays()
    opened.google.firstIncomplete = '2026-03-08'
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    const [dates] = opened.google.queries
    assert.deepEqual(
      [dates?.startDate, dates?.endDate, dates?.dimensions],
      ['2024-11-10', '2026-03-09', ['date']],
    )
    assert.equal(opened.google.queries.length, 1 + 5 * 4)
    const sums = await opened.sumsOf(site)
    assert.deepEqual(sums.get('total'), { clicks: 50, impressions: 500, position: 4, days: 484 })
    assert.deepEqual(sums.get('query'), {
      clicks: 25,
      impressions: 350,
      position: (40 * 2 + 30 * 6) / 70,
      days: 5,
    })
    const countries = await searchConsole.figures({
      site,
      firstDay: '2026-03-01',
      lastDay: '2026-03-09',
      kind: 'country',
      order: 'clicks',
      after: null,
      limit: 10,
    })
    assert.deepEqual(
      countries.map(({ key, clicks }) => [key, clicks]),
      [
        ['FR', 30],
        ['ZZ', 10],
      ],
    )
    assert.deepEqual(await searchConsole.progress(site), {
      days: 484,
      firstDay: '2024-11-10',
      lastDay: '2026-03-08',
    })
    assert.deepEqual(opened.imported, [site])
    // 7 March may still change, 8 March does so for sure, and 9 March was not reported.
    opened.google.queries.length = 0
    await opened.run(searchConsole, site)
    const again = opened.google.queries
      .filter(({ dimensions }) => dimensions[0] === 'query')
      .map((of) => of.startDate)
    assert.deepEqual(again, ['2026-03-08', '2026-03-07'])
    opened.google.queries.length = 0
    opened.google.firstIncomplete = null
    opened.now += 3 * dayMs
    await opened.run(searchConsole, site)
    await opened.run(searchConsole, site)
    assert.equal(opened.google.queries.filter(({ dimensions }) => dimensions[0] === 'query').length, 2)
    assert.equal((await opened.sumsOf(site)).get('total')?.clicks, 50)
  })

  test('a day of more than 25,000 rows is read by pages', async () => {
    opened.google.rows = (day, dimension) => {
      if (day !== '2026-03-08') return []
      if (dimension === 'date') return [googleRow('', 60_000, 60_000)]
      return dimension === 'query' ? Array.from({ length: 26_000 }, (_, i) => googleRow(`q ${i}`, 1, 1)) : []
    }
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    const pages = opened.google.queries.filter(({ dimensions }) => dimensions[0] === 'query')
    assert.deepEqual(
      pages.map(({ startRow, rowLimit }) => [startRow, rowLimit]),
      [
        [0, 25_000],
        [25_000, 25_000],
      ],
    )
    assert.equal((await opened.sumsOf(site)).get('query')?.clicks, 26_000)
  })

  test('a list that never ends is cut', async () => {
    const page = Array.from({ length: 25_000 }, (_, i) => googleRow(`endless ${i}`, 1, 1))
    opened.google.rows = (day, dimension) =>
      day === '2026-03-08' && dimension === 'date' ? [googleRow('', 1, 1)] : []
    opened.google.intercept = (request, response, body) => {
      if (!body.includes('"query"')) return false
      opened.google.queries.push(JSON.parse(body) as never)
      response.end(JSON.stringify({ rows: page }))
      return true
    }
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    assert.equal(opened.google.queries.filter(({ dimensions }) => dimensions[0] === 'query').length, 4)
    assert.equal((await searchConsole.connection(site))?.problem, null)
  })

  test('hostile rows are left out or stored as they are, and never end the import', async () => {
    const hostile: readonly unknown[] = [
      null,
      7,
      { keys: ['no numbers'] },
      { ...googleRow('negative', 1, 1), clicks: -1 },
      { ...googleRow('text', 1, 1), impressions: '1' },
      { ...googleRow('much', 1, 1), clicks: 1e300 },
      { ...googleRow('', 1, 1), keys: [] },
      { ...googleRow('', 1, 1), keys: ['a', 'b'] },
      { ...googleRow('', 1, 1), keys: [{}] },
      googleRow('\0', 1, 1),
      googleRow('x'.repeat(3000), 1, 1),
      googleRow('<script>alert(1)</script>', 3, 3),
      googleRow("=cmd|' /C calc'!A0", 2, 2),
      googleRow('\ud800 lone', 1, 1),
    ]
    opened.google.rows = (day, dimension) => {
      if (day !== '2026-03-08') return []
      return dimension === 'query' ? (hostile as never) : [googleRow('', 9, 9)]
    }
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    assert.equal((await searchConsole.connection(site))?.problem, null)
    const range = { site, firstDay: '2026-03-08', lastDay: '2026-03-08' }
    const list = await searchConsole.figures({
      ...range,
      kind: 'query',
      order: 'clicks',
      after: null,
      limit: 100,
    })
    assert.deepEqual(
      list.map(({ key }) => key),
      ['<script>alert(1)</script>', "=cmd|' /C calc'!A0", '\ufffd lone'],
    )
  })

  test('due imports are jobs, and another property replaces the figures of the one before', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    opened.google.properties.set('https://garden.example/', 'siteOwner')
    const stop = await searchConsole.work()
    await searchConsole.enqueueDue()
    while (!opened.imported.includes(site)) await new Promise((resolve) => setImmediate(resolve))
    opened.imported.length = 0
    opened.lastDays('2026-03-08')
    await searchConsole.choose(site, 'https://garden.example/')
    while (!opened.imported.includes(site)) await new Promise((resolve) => setImmediate(resolve))
    await stop()
    assert.equal((await opened.sumsOf(site, 'https://garden.example/')).get('total')?.clicks, 10)
    assert.deepEqual([...(await opened.sumsOf(site))], [])
  })

  test('figures of the property before end with the choice of another, also those that an import is writing', async () => {
    const other = 'https://garden.example/'
    const range = { firstDay: '2026-03-01', lastDay: '2026-03-09' }
    opened.lastDays()
    const { google } = opened
    const { searchConsole, site } = await opened.connected()
    google.properties.set(other, 'siteOwner')
    const clicks = async () =>
      (await searchConsole.sums({ site, ...range })).find(({ kind }) => kind === 'total')?.clicks
    google.intercept = (_request, response, body) => {
      if (!body.includes('2026-03-06') || !body.includes('"device"')) return false
      google.intercept = () => false
      const answer = () => response.end(JSON.stringify({ rows: [] }))
      // Its day is written after the choice.
      searchConsole.choose(site, other).then(answer, answer)
      return true
    }
    await opened.run(searchConsole, site)
    assert.equal((await searchConsole.connection(site))?.property, other)
    // The last days of the one before are in the store still, and nobody is shown them.
    assert.ok((await opened.sumsOf(site)).size > 0)
    assert.equal(await clicks(), undefined)
    const list = { site, ...range, kind: 'query', order: 'clicks', after: null, limit: 10 } as const
    assert.deepEqual(await searchConsole.figures(list), [])
    assert.equal((await searchConsole.progress(site)).days, 0)
    // The other one has no figures of the last two days yet.
    google.rows = (day, dimension) =>
      day === '2026-03-05' && dimension === 'date' ? [googleRow('', 7, 70)] : []
    await opened.run(searchConsole, site)
    assert.equal(await clicks(), 7)
    assert.deepEqual([...(await opened.sumsOf(site))], [])
  })

  test('days that the registry knows and the store does not have are read again', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    // As after a restored backup without measurements.
    await opened.store.removeSearchFigures(site, null)
    await opened.run(searchConsole, site)
    assert.equal((await opened.sumsOf(site)).get('total')?.clicks, 50)
  })
})
