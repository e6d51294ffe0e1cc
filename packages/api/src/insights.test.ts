import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { laggingCountry, laggingSiteExports, seedLaggingSite } from '@peerpress/insights/testing'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('insights', { timeout: 120_000 }, () => {
  let opened: TestApi
  let siteId: string
  const now = Date.now()

  before(async () => {
    opened = await openTestApi()
    const input = { url: 'https://garden.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(input)).site.id
    await seedLaggingSite(opened.store, { site: siteId, now })
  })
  after(() => opened.close())

  const findings = async (args = '', viewer: 'operator' | 'reader' = 'reader') =>
    ask(
      opened.api,
      `{ site(siteId: "${siteId}") { findings${args} { edges { cursor node { id rule country sentence dismissedAt } } } } }`,
      { viewer },
    )
  const laggingId = async () => {
    const { data } = await findings()
    const [found] = data.site.findings.edges.filter(
      ({ node }: { node: { rule: string } }) => node.rule === 'LAGGING_REGION',
    )
    return String(found.node.id)
  }

  test('before the first analysis there are no regions and no findings', async () => {
    const { data } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { regions { state } findings { edges { cursor } } } }`,
    )
    assert.deepEqual(data.site, { regions: null, findings: { edges: [] } })
  })

  test('one query shows the region that lags, with its test and its reason', async () => {
    await opened.insights.analyse(siteId)
    const { status, data } = await ask(
      opened.api,
      `query ($siteId: String!) {
        site(siteId: $siteId) {
          regions {
            state season weeks end
            regions(lagging: true) {
              country lags visitsRatio samples recent { weekly share } earlier { weekly }
              test { oddsRatio pValue adjustedPValue autocorrelation }
              weeks { start visits } engines { engine recent earlier } search { recent { clicks } }
              reasons { kind sentence strength figures { name unit value comparedWith } }
            }
          }
          findings(first: 1) { edges { node { rule country action link effect score samples minSamples
            figures { name value } reasons { kind } firstFoundAt lastFoundAt postId } } }
        }
      }`,
      { variables: { siteId }, viewer: 'reader' },
    )
    assert.equal(status, 200)
    const { regions, findings: found } = data.site
    assert.deepEqual([regions.state, regions.season, regions.weeks], ['TESTED', 'UNKNOWN', 28])
    assert.match(regions.end, /T00:00:00\.000Z$/)
    assert.equal(regions.regions.length, 1)
    const [region] = regions.regions
    assert.deepEqual([region.country, region.lags, region.search], [laggingCountry, true, null])
    assert.ok(region.test.oddsRatio < 0.7 && region.test.adjustedPValue < 0.001)
    assert.ok(region.visitsRatio < 0.7 && region.recent.weekly < region.earlier.weekly)
    assert.equal(region.weeks.length, 28)
    assert.deepEqual(region.engines, [
      { engine: 'Google', recent: region.recent.weekly, earlier: region.earlier.weekly },
    ])
    assert.deepEqual([region.reasons[0].kind, region.reasons[0].figures[0].unit], ['SLOWER', 'ms'])
    const [{ node }] = found.edges
    assert.deepEqual([node.rule, node.country, node.minSamples], ['LAGGING_REGION', laggingCountry, 50])
    assert.equal(node.link, `/sites/${siteId}/regions?country=${laggingCountry}`)
    const { data: others } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { regions { regions(lagging: false) { country reasons { kind } } } } }`,
    )
    assert.equal(others.site.regions.regions.length, 4)
  })

  test('findings are paged, and a finding is found by its global id', async () => {
    const { data: first } = await findings('(first: 1)')
    const [{ cursor }] = first.site.findings.edges
    const { data: second } = await findings(`(first: 1, after: "${cursor}")`)
    assert.notDeepEqual(second.site.findings.edges, first.site.findings.edges)
    const id = await laggingId()
    const { data } = await ask(opened.api, `{ node(id: "${id}") { id ... on Finding { rule } } }`)
    assert.deepEqual(data.node, { id, rule: 'LAGGING_REGION' })
    const wrong = Buffer.from(`Finding:${siteId}/lagging-region/XX`).toString('base64')
    assert.deepEqual((await ask(opened.api, `{ node(id: "${wrong}") { id } }`)).data, { node: null })
    const foreign = Buffer.from('Finding:\0/x').toString('base64')
    assert.deepEqual((await ask(opened.api, `{ node(id: "${foreign}") { id } }`)).data, { node: null })
  })

  test('an operator dismisses a finding and takes it back, a reader does not', async () => {
    const id = await laggingId()
    const dismiss = (input: object, viewer: 'operator' | 'reader' = 'operator') =>
      ask(
        opened.api,
        'mutation ($input: FindingDismissInput!) { findingDismiss(input: $input) { finding { id dismissedAt } } }',
        { variables: { input }, viewer },
      )
    assert.equal((await dismiss({ findingId: id }, 'reader')).errors[0]?.extensions.code, 'FORBIDDEN')
    const { data } = await dismiss({ findingId: id })
    assert.match(data.findingDismiss.finding.dismissedAt, /^\d{4}-/)
    const listed = async (args = '') =>
      (await findings(args)).data.site.findings.edges.map(({ node }: { node: { rule: string } }) => node.rule)
    assert.deepEqual(await listed(), ['FAILING_VITALS'])
    assert.deepEqual(await listed('(dismissed: true)'), ['LAGGING_REGION'])
    assert.equal((await dismiss({ findingId: id, dismissed: false })).status, 200)
    assert.equal((await listed()).length, 2)
    const gone = Buffer.from(`Finding:${siteId}/lagging-region/XX`).toString('base64')
    const refused = await dismiss({ findingId: gone })
    assert.deepEqual([refused.status, refused.errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.match(refused.errors[0]?.message ?? '', /load the list again/)
    const other = Buffer.from(`Site:${siteId}`).toString('base64')
    assert.equal((await dismiss({ findingId: other })).status, 400)
  })

  const importing = (input: object, viewer: 'operator' | 'reader' = 'operator') =>
    ask(
      opened.api,
      `mutation ($input: SearchImportInput!) { searchImport(input: $input) {
        recent { firstDay lastDay countries unknownNames } earlier { countries } } }`,
      { variables: { input }, viewer },
    )
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  const inputOf = ({ recent, earlier } = laggingSiteExports(now)) => ({
    siteId,
    recentFile: base64(recent),
    earlierFile: base64(earlier),
  })

  test('exports of Search Console are imported, and the next analysis has their reason', async () => {
    assert.equal((await importing(inputOf(), 'reader')).errors[0]?.extensions.code, 'FORBIDDEN')
    const { data } = await importing(inputOf())
    assert.equal(data.searchImport.recent.countries, 3)
    assert.deepEqual(data.searchImport.recent.unknownNames, [])
    await opened.insights.analyse(siteId)
    const { data: analysed } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { regions { regions(lagging: true) {
        reasons { kind } search { recent { impressions position } earlier { impressions } } } } } }`,
    )
    const [region] = analysed.site.regions.regions
    assert.equal(region.reasons[0].kind, 'SHOWN_LESS')
    assert.ok(region.search.recent.impressions < region.search.earlier.impressions)
  })

  test('what is no export is refused with what to do', async () => {
    const good = inputOf()
    const table = base64(Buffer.from('Country,Clicks,Impressions,CTR,Position\nFrance,1,10,10%,2\n'))
    const bad: Record<string, readonly [input: object, why: RegExp]> = {
      'no base64': [{ ...good, recentFile: 'PK…' }, /not in base64/],
      'an empty file': [{ ...good, recentFile: '' }, /no table of countries/],
      'a table without days': [{ ...good, recentFile: table }, /Give the whole zip, or the days/],
      'days that do not exist': [
        { ...good, recentFile: table, recentDays: { firstDay: '2026-02-30', lastDay: '2026-03-01' } },
        /no two days/,
      ],
      'exports in the wrong order': [
        { ...good, recentFile: good.earlierFile, earlierFile: good.recentFile },
        /export the last 28 days/,
      ],
      'an unknown site': [{ ...good, siteId: 'aaaaaaaaaaaaaaaa' }, /no such site/],
    }
    for (const [what, [input, why]] of Object.entries(bad)) {
      const { status, errors } = await importing(input)
      assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'], what)
      assert.match(errors[0]?.message ?? '', why, what)
    }
  })
})
