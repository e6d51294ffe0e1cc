import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSite, type TestSite } from '../test-site.testing.ts'
import { defaultFetchLimits } from './fetch-limits.ts'
import { hasChallenge } from './fetch-challenge.ts'
import { createSiteClient, type SiteClient } from './site-client.ts'

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const other = 'a'.repeat(43)
const path = '/blog/?peerpress=challenge'
const text = 'text/plain; charset=utf-8'

describe('the challenge of a site that is being connected', { timeout: 60_000 }, () => {
  let site: TestSite
  let guarded: SiteClient
  /** The same client, which may fetch from this machine. */
  let client: SiteClient
  /** A client that gives up soon. */
  let hasty: SiteClient
  const permitted = (of: SiteClient): SiteClient => ({
    ...of,
    get: (from, url, options) => of.get({ ...from, allowPrivateAddresses: true }, url, options),
  })
  before(async () => {
    site = await startSite()
    guarded = createSiteClient({ limits: defaultFetchLimits })
    client = permitted(guarded)
    hasty = createSiteClient({ limits: { ...defaultFetchLimits, headersTimeout: 300 } })
  })
  after(async () => {
    await guarded.close()
    await hasty.close()
    await site.close()
  })
  const has = (from = client) => hasChallenge(from, { url: `${site.origin}/blog/`, challenge })

  test('is found in the list of the site', async () => {
    site.routes.set(path, { body: `${other}\n${challenge}\n`, type: text })
    assert.equal(await has(), true)
    const [request] = site.requests
    assert.ok(!(request?.url ?? challenge).includes(challenge), 'a page that repeats its URL proves nothing')
  })

  test('is not found in another list, page, type or status', async () => {
    for (const resource of [
      { body: `${other}\n`, type: text },
      { body: `x${challenge}\n`, type: text },
      { body: `${challenge}x`, type: text },
      { body: '', type: text },
      { body: `${challenge}\n`, type: 'text/html' },
      { body: `${challenge}\n`, type: text, status: 404 },
      { body: `${'x'.repeat(5000)}\n${challenge}\n`, type: text },
      { status: 302, headers: { location: 'https://elsewhere.example/' } },
    ]) {
      site.routes.set(path, resource)
      assert.equal(await has(), false, JSON.stringify(resource).slice(0, 100))
    }
  })

  test('is not fetched from a private address, and a silent site has proved nothing', async () => {
    site.routes.set(path, { body: `${challenge}\n`, type: text })
    const earlier = site.requests.length
    assert.equal(await has(guarded), false)
    assert.equal(site.requests.length, earlier)
    site.routes.set(path, () => undefined)
    assert.equal(await has(permitted(hasty)), false)
  })
})
