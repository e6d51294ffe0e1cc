import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import type { Dimension, ReportQuery } from '../model/report-query.ts'
import type { ViewRow } from '../model/view-row.ts'
import { breakdown, totals } from '../query/report.ts'
import { pageOfRows } from '../query/rows.ts'
import { ndjson, range, sampleRows } from '../random-rows.testing.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import { roll } from './roll.ts'
import { reportSource, type ReportSource } from './rollups-or-views.ts'

const always = { settleMs: 0, hourPauseMs: 0, dayPauseMs: 0, budgetMs: 60_000 }
const [sample] = sampleRows(1)

/** Views of a site, each with another id. */
function viewsOf(site: string, count: number, changed: Partial<ViewRow> = {}): ViewRow[] {
  return Array.from({ length: count }, (_, i) => ({
    ...(sample as ViewRow),
    site,
    view: `${(sample as ViewRow).view.slice(0, -4)}${i.toString(16).padStart(4, '0')}`,
    ...changed,
  }))
}

describe('answers of reports', { timeout: 120_000 }, () => {
  let directory: string
  let connection: Connection
  /** Statements that the engine ran, but for those that read the state of the rollups. */
  let computed = 0
  let source: ReportSource
  let beforeAnswer: () => Promise<void> = async () => {}
  const insert = (rows: readonly ViewRow[], token: string) =>
    connection.insert({ table: 'snapshots', rows: ndjson(rows), token })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'answers-'))
    connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    await bringEmbeddedUpToDate(connection)
    source = reportSource(
      {
        ...connection,
        query: async (sql, parameters) => {
          if (sql.includes('AS is_rolled')) return connection.query(sql, parameters)
          computed++
          await beforeAnswer()
          return connection.query(sql, parameters)
        },
      },
      -1,
    )
  })
  after(async () => {
    await connection.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Returns the number of views, and how many statements computed it. */
  async function ask(query: ReportQuery): Promise<[views: number, computed: number]> {
    computed = 0
    return [(await totals(source, query)).views, computed]
  }

  test('are used again until a view of the site arrives, whatever arrives at others', async () => {
    const site = 'answers000000000'
    const query: ReportQuery = { site, ...range, metrics: ['speed.lcp'] }
    // No rollup has this dimension.
    const exact: ReportQuery = { ...query, filter: { where: [{ by: 'browser', not: ['none'] }] } }
    await insert(viewsOf(site, 3), 'first')
    assert.deepEqual(
      [await ask(query), await ask(query)],
      [
        [3, 1],
        [3, 0],
      ],
    )
    assert.deepEqual(
      [await ask(exact), await ask(exact)],
      [
        [3, 1],
        [3, 0],
      ],
    )
    await insert(viewsOf('answers000000001', 5), 'elsewhere')
    assert.deepEqual(
      [await ask(query), await ask(exact)],
      [
        [3, 0],
        [3, 0],
      ],
    )
    await insert(viewsOf(site, 4), 'one more')
    assert.deepEqual(
      [await ask(query), await ask(exact)],
      [
        [4, 1],
        [4, 1],
      ],
    )
    await roll(connection, always)
    assert.deepEqual(
      [await ask(query), await ask(query)],
      [
        [4, 1],
        [4, 0],
      ],
    )
  })

  test('that were computed while views arrived are not used again', async () => {
    const site = 'answers000000002'
    const query: ReportQuery = { site, ...range, filter: { where: [{ by: 'browser', not: ['none'] }] } }
    await insert(viewsOf(site, 3), 'of the third')
    const arriving = [viewsOf(site, 4)]
    beforeAnswer = async () => {
      for (const rows of arriving.splice(0)) await insert(rows, 'while it is computed')
    }
    assert.deepEqual(await ask(query), [4, 1])
    assert.deepEqual(
      [await ask(query), await ask(query)],
      [
        [4, 1],
        [4, 0],
      ],
    )
  })

  test('about posts read the bins of no other posts', async () => {
    const site = 'answers000000003'
    const rows = [
      ...viewsOf(site, 3, { post: 'read much', lcp: 900 }),
      ...viewsOf(site, 5, { post: null, lcp: 1000 }).slice(3),
      ...viewsOf(site, 6, { post: 'once', lcp: 7000 }).slice(5),
    ]
    await insert(rows, 'posts')
    await roll(connection, always)
    const query: ReportQuery = { site, ...range, metrics: ['speed.lcp'] }
    computed = 0
    const leading = await breakdown(source, query, { by: 'post', limit: 2 })
    assert.deepEqual(
      leading.map(({ key, metrics }) => [key, metrics.views, metrics.speed.lcp?.samples]),
      [
        ['read much', 3, 3],
        [null, 2, 2],
      ],
    )
    assert.equal(computed, 2)
    const page = await pageOfRows(source, query, { by: ['post'], first: 2, withRemainder: false })
    assert.deepEqual(
      page.rows.map(({ keys, metrics }) => [keys, metrics.views, metrics.speed.lcp?.samples]),
      [
        [['read much'], 3, 3],
        [[null], 2, 2],
      ],
    )
    assert.deepEqual([page.totalCount, page.hasNextPage], [3, true])
  })

  test('of all rows of a narrow dimension take one statement, in any order', async () => {
    const site = 'answers000000004'
    await insert(
      [
        ...viewsOf(site, 2, { device: 'mobile', lcp: 900 }),
        ...viewsOf(site, 5, { device: 'desktop', lcp: 4000 }).slice(2),
      ],
      'devices',
    )
    const by: Dimension[] = ['device']
    computed = 0
    const page = await pageOfRows(
      source,
      { site, ...range, metrics: ['views'] },
      { by, first: 10, order: { metric: 'speed.lcp', direction: 'asc' } },
    )
    assert.equal(computed, 1)
    assert.deepEqual(
      page.rows.map(({ keys, position }) => [keys, position.value !== null]),
      [
        [['mobile'], true],
        [['desktop'], true],
      ],
    )
    assert.equal(page.remainder.views, 0)
  })
})
