import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { createInsights, type Insights } from './insights.ts'
import { laggingCountry, laggingSiteExports, seedLaggingSite } from './lagging-site.testing.ts'

const input = { consent: 'assumed', allowPrivateAddresses: false } as const

describe('insights on a real store and registry', { timeout: 180_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let insights: Insights
  let site: string
  const now = Date.now()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-insights-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    store = await openStore({ directory: join(directory, 'store') })
    insights = createInsights({ registry, store, now: () => now })
    site = (await registry.sites.add({ ...input, url: 'https://garden.example/' })).site.id
    await seedLaggingSite(store, { site, now })
  })
  after(async () => {
    await store.close()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })
  const exportsOf = (files = laggingSiteExports(now)) => ({
    recent: { name: 'recent.zip', bytes: files.recent, days: null },
    earlier: { name: 'earlier.zip', bytes: files.earlier, days: null },
  })
  const laggingFinding = async () => {
    const findings = await insights.findings(site)
    return findings.find(({ rule }) => rule === 'lagging-region')
  }

  test('before the first analysis nothing is known', async () => {
    assert.equal(await insights.regions(site), null)
    assert.deepEqual(await insights.findings(site), [])
  })

  test('the one region that lags is found, and that it is slower than elsewhere', async () => {
    await insights.analyse(site)
    const regions = await insights.regions(site)
    assert.ok(regions)
    assert.deepEqual([regions.state, regions.weeks, regions.season], ['tested', 28, 'unknown'])
    assert.deepEqual(
      regions.regions.filter(({ lags }) => lags).map(({ country }) => country),
      [laggingCountry],
    )
    assert.equal(regions.regions.length, 5)
    assert.deepEqual(
      regions.regions[0]?.weeks.map(({ week }) => week),
      Array.from({ length: 28 }, (_, i) => i - 28),
    )
    const finding = await laggingFinding()
    assert.equal(finding?.subject, laggingCountry)
    assert.match(
      finding.content.sentence,
      /^Search visits from France fell by 4\d\s%, to \d+ a week after \d+/,
    )
    assert.match(finding.content.sentence, /The season is unknown/)
    assert.match(
      finding.content.sentence,
      /Most likely reason: Pages load slower there than elsewhere: LCP 4\.\d\ss/,
    )
    assert.match(finding.content.action, /seed near these readers/)
    assert.deepEqual(
      finding.content.reasons.map(({ kind }) => kind),
      ['slower'],
    )
    const rules = (await insights.findings(site)).map(({ rule, subject }) => `${rule} ${subject}`)
    assert.deepEqual(rules.toSorted(), [
      `failing-vitals ${laggingCountry}`,
      `lagging-region ${laggingCountry}`,
    ])
  })

  test('after an import the region is known to be shown less', async () => {
    const stop = await insights.work()
    const { recent, earlier } = await insights.importSearch(site, exportsOf())
    assert.deepEqual([recent.countries.length, earlier.unknownNames], [3, []])
    let finding = await laggingFinding()
    while (finding?.content.reasons[0]?.kind !== 'shown-less') {
      await new Promise((resolve) => setImmediate(resolve))
      finding = await laggingFinding()
    }
    await stop()
    assert.match(finding.content.sentence, /60 impressions a day after 240, at position 14\.8 after 5\.4/)
    const region = (await insights.regions(site))?.regions.find(({ country }) => country === laggingCountry)
    assert.deepEqual(
      region?.reasons.map(({ kind }) => kind),
      ['shown-less', 'slower'],
    )
    assert.equal(region.search?.recent.impressions, 1680)
  })

  test('a finding can be dismissed, and stays so in the next analysis', async () => {
    const finding = await laggingFinding()
    assert.ok(finding)
    assert.notEqual((await insights.dismiss(finding, true))?.dismissedAt, null)
    await insights.analyse(site)
    assert.notEqual((await insights.finding(finding))?.dismissedAt, null)
    assert.equal((await insights.dismiss(finding, false))?.dismissedAt, null)
    assert.equal(await insights.dismiss({ ...finding, subject: 'XX' }, true), null)
  })

  test('exports of other days, of other files and for other sites are refused, and nothing is recorded', async () => {
    const known = await registry.searchExports.list(site)
    const { recent, earlier } = exportsOf()
    const refused = (code: string, of = site, exports = { recent, earlier }) =>
      assert.rejects(insights.importSearch(of, exports), { name: 'InsightsError', code })
    await refused('bad-period', site, { recent: earlier, earlier: recent })
    await refused('bad-export', site, { recent, earlier: { ...earlier, bytes: new Uint8Array(9) } })
    await refused('unknown-site', 'aaaaaaaaaaaaaaaa')
    assert.deepEqual(await registry.searchExports.list(site), known)
  })

  test('a site without views has too few weeks, and one that is gone is left out', async () => {
    const other = (await registry.sites.add({ ...input, url: 'https://empty.example/' })).site.id
    await insights.analyseAll(new AbortController().signal)
    const regions = await insights.regions(other)
    assert.deepEqual([regions?.state, regions?.weeks, regions?.regions], ['too-few-weeks', 0, []])
    assert.deepEqual(await insights.findings(other), [])
    await registry.sites.remove(other)
    await insights.analyse(other)
    assert.equal(await insights.regions(other), null)
  })

  test('an analysis that is stopped records nothing', async () => {
    const earlier = (await insights.regions(site))?.analysedAt
    await assert.rejects(insights.analyseAll(AbortSignal.abort(new Error('stopped'))), /stopped/)
    assert.deepEqual((await insights.regions(site))?.analysedAt, earlier)
  })
})
