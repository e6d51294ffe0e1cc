import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { rowTime } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from './api.testing.ts'

suite('retention and removal', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const day = '2026-05-01'
  async function siteWithViews(name: string): Promise<string> {
    const { site } = await opened.registry.sites.add({
      url: `https://${name}.test`,
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const rows = ['7', '7', '8'].map((visitor) =>
      viewRow({ site: site.id, started_at: rowTime(Date.parse(`${day}T10:00:00Z`)), visitor }),
    )
    await opened.store.insertViews(ndjson(rows), site.id)
    return site.id
  }
  const viewsOf = async (siteId: string) => {
    const range = { from: new Date(`${day}T00:00:00Z`), to: new Date(`${day}T23:00:00Z`) }
    return (await opened.store.totals({ site: siteId, ...range })).views
  }
  const mutate = (
    name: string,
    input: object,
    fields: string,
    viewer: 'operator' | 'reader' = 'operator',
  ) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`
    return ask(opened.api, text, { variables: { input }, viewer })
  }

  test('a site has a retention time of its own, or that of all sites', async () => {
    const siteId = await siteWithViews('kept')
    const daysOf = async () =>
      (await ask(opened.api, `{ site(siteId: "${siteId}") { retentionDays } }`)).data.site.retentionDays
    const standard = await daysOf()
    const { data } = await mutate('siteRetain', { siteId, days: 30_000 }, 'site { siteId retentionDays }')
    assert.deepEqual(data.siteRetain.site, { siteId, retentionDays: 30_000 })
    await mutate('siteRetain', { siteId, days: null }, 'site { siteId }')
    assert.equal(await daysOf(), standard)
    for (const input of [
      { siteId, days: 0 },
      { siteId: 'nosuchsite000000', days: 3 },
    ]) {
      const { status, errors } = await mutate('siteRetain', input, 'site { siteId }')
      assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    }
  })

  test("a visitor's day is removed, and nothing else", async () => {
    const siteId = await siteWithViews('visitor')
    const input = { siteId, visitor: '7', day: `${day}T23:59:59Z` }
    assert.deepEqual((await mutate('visitorDayRemove', input, 'views')).data.visitorDayRemove, { views: 2 })
    assert.equal(await viewsOf(siteId), 1)
    const { status } = await mutate('visitorDayRemove', { ...input, visitor: 'them' }, 'views')
    assert.equal(status, 400)
  })

  test('a site is removed with all its measurements, by an operator alone', async () => {
    const siteId = await siteWithViews('removed')
    const fields = 'wasRegistered views'
    assert.equal((await mutate('siteRemove', { siteId }, fields, 'reader')).status, 403)
    const { data } = await mutate('siteRemove', { siteId }, fields)
    assert.deepEqual(data.siteRemove, { wasRegistered: true, views: 3 })
    assert.equal(await viewsOf(siteId), 0)
    assert.equal((await ask(opened.api, `{ site(siteId: "${siteId}") { url } }`)).data.site, null)
    const again = await mutate('siteRemove', { siteId }, fields)
    assert.deepEqual(again.data.siteRemove, { wasRegistered: false, views: 0 })
    assert.equal((await mutate('siteRemove', { siteId: "' OR 1" }, fields)).status, 400)
  })
})
