import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('the probes of a site', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const addSite = async (name: string) => {
    const input = { url: `https://${name}.test`, consent: 'assumed', allowPrivateAddresses: false } as const
    return (await opened.registry.sites.add(input)).site.id
  }
  const read = async (siteId: string, fields: string) => {
    const { data } = await ask(opened.api, `{ site(siteId: "${siteId}") { probes { ${fields} } } }`, {
      viewer: 'operator',
    })
    return data.site.probes as unknown
  }

  test('show the last outcomes with their reasons and phases, and the availability of the last day', async () => {
    const siteId = await addSite('probed')
    const begin = Date.now() - 10 * 60_000
    const failure = { code: 'bad-status', message: 'probed.test responded with status 500.' }
    for (const [minute, reason] of [null, failure, null, null].entries()) {
      await opened.registry.probeOutcomes.record({
        site: siteId,
        kind: 'http',
        url: 'https://probed.test/',
        at: new Date(begin + minute * 60_000),
        ok: reason === null,
        failure: reason,
        durationMs: 120,
        timings: { dns: 20, firstByte: 100 },
      })
    }
    await opened.registry.probeOutcomes.record({
      site: siteId,
      kind: 'http',
      url: 'https://probed.test/',
      at: new Date(begin - 2 * 86_400_000),
      ok: false,
      failure,
      durationMs: 1,
      timings: {},
    })
    const fields = `kind firstSucceededAt lastDay { probes failures availability }
      latest(first: 3) { url at ok durationMs failure { code message } phases { dns connect firstByte } }`
    const [http, browser] = (await read(siteId, fields)) as [Record<string, unknown>, Record<string, unknown>]
    assert.deepEqual(http['lastDay'], { probes: 4, failures: 1, availability: 0.75 })
    assert.equal(http['firstSucceededAt'], new Date(begin).toISOString())
    const well = {
      url: 'https://probed.test/',
      ok: true,
      durationMs: 120,
      failure: null,
      phases: { dns: 20, connect: null, firstByte: 100 },
    }
    assert.deepEqual(http['latest'], [
      { ...well, at: new Date(begin + 3 * 60_000).toISOString() },
      { ...well, at: new Date(begin + 2 * 60_000).toISOString() },
      { ...well, at: new Date(begin + 60_000).toISOString(), ok: false, failure },
    ])
    assert.deepEqual(browser, {
      kind: 'BROWSER',
      firstSucceededAt: null,
      lastDay: { probes: 0, failures: 0, availability: null },
      latest: [],
    })
  })

  test('return a limited number of outcomes, whatever is requested', async () => {
    const siteId = await addSite('limited')
    for (const first of [-5, 0, 2_000_000_000]) {
      assert.deepEqual(await read(siteId, `latest(first: ${first}) { at }`), [{ latest: [] }, { latest: [] }])
    }
  })
})
