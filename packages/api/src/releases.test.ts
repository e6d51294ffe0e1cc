import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, openTestApi, type TestApi, type Viewer } from './api.testing.ts'

suite('releases of a site', { timeout: 60_000 }, () => {
  let opened: TestApi
  let siteId: string
  before(async () => {
    opened = await openTestApi()
    const input = { url: 'https://garden.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(input)).site.id
    await opened.registry.releases.record(siteId, {
      component: 'plugin tea',
      version: '1.1',
      releasedAt: new Date(),
    })
    await opened.registry.findings.record({
      site: siteId,
      worse: 1.5,
      regions: {},
      findings: ['change-after-release', 'failing-vitals'].map((rule) => ({
        rule,
        subject: 'plugin tea 1.1',
        effect: 0.5,
        score: 1,
        content: {},
      })),
    })
  })
  after(() => opened.close())

  const read = async (viewer: Viewer) => {
    const { data, errors } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") {
        releases { component }
        findings(first: 5) { edges { node { rule } } }
        report(lastDays: 2) { annotations { kind id } } } }`,
      { viewer },
    )
    assert.deepEqual(errors, [])
    return data.site
  }

  test('are for people and tokens of the site, and not for readers of public reports', async () => {
    const full = await read('operator')
    assert.deepEqual(full.releases, [{ component: 'plugin tea' }])
    assert.equal(full.findings.edges.length, 2)
    const [mark] = full.report.annotations
    assert.equal(mark.kind, 'RELEASE')
    const shown = await read('reader')
    assert.deepEqual(shown.releases, [])
    assert.deepEqual(shown.report.annotations, [])
    assert.deepEqual(shown.findings.edges, [{ node: { rule: 'FAILING_VITALS' } }])
    const byId = (id: string) => ask(opened.api, `{ node(id: "${id}") { id } }`, { viewer: 'reader' })
    assert.equal((await byId(mark.id)).data.node, null)
    const key = Buffer.from(`Finding:${siteId}/change-after-release/plugin tea 1.1`).toString('base64')
    assert.equal((await byId(key)).data.node, null)
    const other = Buffer.from(`Finding:${siteId}/failing-vitals/plugin tea 1.1`).toString('base64')
    assert.notEqual((await byId(other)).data.node, null)
  })
})
