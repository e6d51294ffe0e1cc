import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { type DayReport, openDayReport } from './day-report.testing.ts'

suite('rows of a report', { timeout: 120_000 }, () => {
  let day: DayReport
  before(async () => {
    day = await openDayReport()
  })
  after(() => day.opened.close())

  test('every dimension can be filtered by eq, in, not and isUnknown', async () => {
    assert.equal(await day.viewsOf([{ dimension: 'BROWSER', eq: 'Firefox' }]), 30)
    assert.equal(await day.viewsOf([{ dimension: 'COUNTRY', in: ['FR', 'GB'] }]), 72)
    assert.equal(await day.viewsOf([{ dimension: 'COUNTRY', not: ['FR'] }]), 72)
    assert.equal(await day.viewsOf([{ dimension: 'COUNTRY', isUnknown: true }]), 24)
    assert.equal(await day.viewsOf([{ dimension: 'COUNTRY', isUnknown: false, not: ['FR'] }]), 48)
    assert.equal(await day.viewsOf([{ dimension: 'URL', eq: 'https://blog.test/1/' }]), 40)
    assert.equal(
      await day.viewsOf([
        { dimension: 'ARM', eq: 'control' },
        { dimension: 'DEVICE', eq: 'mobile' },
      ]),
      20,
    )
    assert.equal(await day.viewsOf([{ dimension: 'CAMPAIGN_TERM', isUnknown: true }]), 120)
    const fields = await day.opened.api.fetch('http://api.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer reader' },
      body: JSON.stringify({ query: '{ type: __type(name: "Dimension") { enumValues { name } } }' }),
    })
    const { data } = (await fields.json()) as {
      data: { type: { enumValues: { name: string }[] } }
    }
    for (const { name } of data.type.enumValues) {
      const known = await day.viewsOf([{ dimension: name, isUnknown: false }])
      assert.equal(known + (await day.viewsOf([{ dimension: name, isUnknown: true }])), 120, name)
    }
  })

  test('rows of two dimensions and the remainder add up to the total, page by page', async () => {
    const selection = (place: string) => `totals { views delivery { bytes { peer } } }
      rows(by: [COUNTRY, DEVICE], first: 3, orderBy: { metric: SPEED_LCP } ${place}) {
        totalCount
        edges { cursor node { label values { dimension key label } metrics { views speed { lcp { value } } delivery { bytes { peer } } } } }
        pageInfo { hasNextPage endCursor }
        remainder { metrics { views delivery { bytes { peer } } } }
      }`
    let cursor = ''
    const labels: string[] = []
    const values: number[] = []
    for (let page = 0; page < 3; page++) {
      const { data, errors } = await day.report(selection(cursor === '' ? '' : `after: "${cursor}"`))
      assert.deepEqual(errors, [])
      const { rows, totals } = data.site.report
      assert.equal(rows.totalCount, 8)
      const all = [...rows.edges.map(({ node }: { node: unknown }) => node), rows.remainder]
      const sum = (of: (metrics: never) => number) =>
        all.reduce((total, { metrics }) => total + of(metrics as never), 0)
      assert.equal(
        sum(({ views }: { views: number }) => views),
        totals.views,
      )
      assert.equal(
        sum(({ delivery }: { delivery: { bytes: { peer: number } } }) => delivery.bytes.peer),
        totals.delivery.bytes.peer,
      )
      for (const { node } of rows.edges) {
        labels.push(node.label)
        values.push(node.metrics.speed.lcp.value)
      }
      assert.equal(rows.pageInfo.hasNextPage, page < 2)
      cursor = rows.pageInfo.endCursor
    }
    assert.equal(new Set(labels).size, 8)
    assert.ok(labels.includes('France, mobile') && labels.includes('Unknown, desktop'), labels.join('; '))
    assert.deepEqual(
      values,
      values.toSorted((a, b) => b - a),
    )
  })

  test('rows have posts, sessions and visitors', async () => {
    const { data, errors } = await day.report(`rows(by: [POST], first: 2) {
      nodes { label node { postId url assetCount } values { node { postId } } sessions { count } visitors metrics { views } }
      remainder { sessions { count } visitors metrics { views } }
    }`)
    assert.deepEqual(errors, [])
    const { nodes, remainder } = data.site.report.rows
    assert.deepEqual(nodes[0], {
      label: 'https://blog.test/one/',
      node: { postId: '1', url: 'https://blog.test/one/', assetCount: 0 },
      values: [{ node: { postId: '1' } }],
      sessions: { count: 20 },
      visitors: 10,
      metrics: { views: 40 },
    })
    assert.deepEqual([nodes[1].label, nodes[1].node], ['Post 2', null])
    assert.deepEqual(remainder, { sessions: { count: 20 }, visitors: 10, metrics: { views: 40 } })
  })

  test('rows of posts are searched by title and address, with the value that they are ordered by', async () => {
    const search = (args: string) =>
      day.report(`totals { views }
        rows(by: [POST], ${args}) {
          totalCount
          edges { cursor value node { values { key } metrics { views speed { lcp { value } } } } }
          remainder { metrics { views } }
        }`)
    const { data, errors } = await search('search: " TEST/One ", orderBy: { metric: SPEED_LCP }')
    assert.deepEqual(errors, [])
    const { rows, totals } = data.site.report
    assert.equal(rows.totalCount, 1)
    const [{ cursor, value, node }] = rows.edges
    assert.deepEqual([node.values[0].key, value], ['1', node.metrics.speed.lcp.value])
    assert.equal(node.metrics.views + rows.remainder.metrics.views, totals.views)
    const nothing = await search('search: "no such post"')
    assert.deepEqual(nothing.data.site.report.rows.edges, [])
    const refused = [
      await search(`search: "other", orderBy: { metric: SPEED_LCP }, after: "${cursor}"`),
      await search(`search: "${'x'.repeat(201)}"`),
      await day.report('rows(by: [COUNTRY], search: "one") { totalCount }'),
    ]
    for (const { errors: of } of refused) assert.match(JSON.stringify(of), /BAD_USER_INPUT/)
  })

  test('refuses a cursor of the same rows in another range', async () => {
    const { data } = await day.report('rows(by: [COUNTRY], first: 1) { pageInfo { endCursor } }')
    const { endCursor } = data.site.report.rows.pageInfo
    const later = { days: { first: '2026-05-01', last: '2026-05-02' } }
    const refused = await day.report(
      `rows(by: [COUNTRY], first: 1, after: "${endCursor}") { totalCount }`,
      later,
    )
    assert.deepEqual([refused.status, refused.errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.match(refused.errors[0]?.message ?? '', /cursor is of another query/)
  })
})
