import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { openTestSearchConsole, property, type TestSearchConsole } from './search-console.testing.ts'

describe('connections to Search Console', { timeout: 300_000 }, () => {
  let opened: TestSearchConsole
  before(async () => {
    opened = await openTestSearchConsole()
  })
  after(() => opened.close())
  afterEach(() => opened.reset())

  test('a person consents by code with PKCE, the only property is chosen, and the credential never shown', async () => {
    opened.google.properties.set(property, 'siteOwner').set('https://other.example/', 'siteOwner')
    opened.google.properties.set('https://garden.example/', 'siteUnverifiedUser')
    const searchConsole = opened.consoleWith()
    const site = await opened.newSite()
    const url = await searchConsole.begin(site, 'account-1')
    const asked = new URL(url).searchParams
    assert.equal(asked.get('redirect_uri'), 'https://peerpress.example/search-console')
    assert.equal(asked.get('scope'), 'https://www.googleapis.com/auth/webmasters.readonly')
    assert.equal(asked.get('access_type'), 'offline')
    const back = opened.google.consent(url).searchParams
    const consent = { code: back.get('code') ?? '', state: back.get('state') ?? '' }
    const by = { holder: 'account-1', may: () => true }
    const connection = await searchConsole.complete(consent, by)
    assert.deepEqual([connection.kind, connection.property, connection.problem], ['oauth', property, null])
    assert.ok(!JSON.stringify(connection).includes('refresh-'))
    await assert.rejects(searchConsole.complete(consent, by), { code: 'bad-consent' })
  })

  test('a consent of somebody else, for another site, too old or without the permission is refused', async () => {
    opened.google.properties.set(property, 'siteOwner')
    const searchConsole = opened.consoleWith()
    const site = await opened.newSite()
    const consentOf = async (scope?: string) => {
      const back = opened.google.consent(
        await searchConsole.begin(site, 'account-1'),
        scope === undefined ? {} : { scope },
      )
      return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
    }
    const mine = { holder: 'account-1', may: () => true }
    const refused = (promise: Promise<unknown>) => assert.rejects(promise, { code: 'bad-consent' })
    await refused(searchConsole.complete(await consentOf(), { ...mine, holder: 'account-2' }))
    await refused(searchConsole.complete(await consentOf(), { ...mine, may: () => false }))
    await refused(searchConsole.complete({ ...(await consentOf()), state: 'forged' }, mine))
    await refused(searchConsole.complete({ ...(await consentOf()), code: 'forged' }, mine))
    await refused(searchConsole.complete(await consentOf('openid'), mine))
    const old = await consentOf()
    opened.now += 16 * 60_000
    await refused(searchConsole.complete(old, mine))
    assert.equal(await searchConsole.connection(site), null)
    await assert.rejects(opened.consoleWith({ client: null }).begin(site, 'account-1'), { code: 'no-client' })
  })

  test('what is no key of a service account is no connection', async () => {
    const { searchConsole } = await opened.connected()
    const key = JSON.parse(opened.google.keyFile) as object
    for (const file of [
      '',
      '[]',
      'x'.repeat(20_000),
      JSON.stringify({ ...key, type: 'authorized_user' }),
      JSON.stringify({ ...key, private_key: 'none' }),
    ]) {
      await assert.rejects(searchConsole.connectByKey(await opened.newSite(), file), { code: 'bad-key' })
    }
  })

  test('a property that is not ours is not offered, and one that we lost is reported', async () => {
    opened.google.properties.set('https://other.example/', 'siteOwner').set('sc-domain:example', 'siteOwner')
    const { searchConsole, site } = await opened.connected()
    const hidden = [
      'https://other.example/',
      'sc-domain:n.example',
      'https://garden.example.evil/',
      'javascript:1',
      '',
    ]
    for (const one of hidden) opened.google.properties.set(one, 'siteOwner')
    assert.deepEqual(await searchConsole.properties(site), ['sc-domain:example', property])
    for (const one of hidden) await assert.rejects(searchConsole.choose(site, one), { code: 'bad-property' })
    await searchConsole.choose(site, property)
    opened.google.properties.clear()
    await opened.run(searchConsole, site)
    const found = await searchConsole.connection(site)
    assert.equal(found?.problem, 'forbidden')
    assert.match(found.detail ?? '', /give it access in Search Console/)
  })

  test('a disconnected site has no credential and no figures', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    assert.equal(await searchConsole.disconnect(site), true)
    assert.equal(await searchConsole.disconnect(site), false)
    assert.deepEqual([...(await opened.sumsOf(site))], [])
    assert.equal(await opened.registry.searchConnections.credential(site), null)
    await opened.run(searchConsole, site)
  })

  test('a site that is disconnected during an import has no figures afterwards', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    const { google } = opened
    const disconnected = Promise.withResolvers<boolean>()
    google.intercept = (_request, response, body) => {
      if (!body.includes('2026-03-06') || !body.includes('"device"')) return false
      google.intercept = () => false
      searchConsole.disconnect(site).then(disconnected.resolve, disconnected.reject)
      // The answer arrives when the figures are gone.
      disconnected.promise.finally(() => response.end(JSON.stringify({ rows: [] }))).catch(() => undefined)
      return true
    }
    await opened.run(searchConsole, site)
    assert.equal(await disconnected.promise, true)
    assert.deepEqual([...(await opened.sumsOf(site))], [])
  })

  test('a site whose figures cannot be removed is connected still', async () => {
    opened.lastDays()
    const { searchConsole, site } = await opened.connected()
    await opened.run(searchConsole, site)
    const store = { ...opened.store, removeSearchFigures: () => Promise.reject(new Error('no store')) }
    await assert.rejects(opened.consoleWith({ store }).disconnect(site), /no store/)
    assert.notEqual(await searchConsole.connection(site), null)
    assert.equal(await searchConsole.disconnect(site), true)
    assert.deepEqual([...(await opened.sumsOf(site))], [])
  })
})
