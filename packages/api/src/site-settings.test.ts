import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { rowTime } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from './api.testing.ts'

suite('settings of a site, and its days', { timeout: 60_000 }, () => {
  let opened: TestApi
  let siteId: string
  before(async () => {
    opened = await openTestApi()
    const input = {
      url: 'https://garden.test/blog',
      consent: 'assumed',
      allowPrivateAddresses: false,
    } as const
    siteId = (await opened.registry.sites.add(input)).site.id
    // The night in which clocks go back in Berlin: the day has 25 hours.
    const times = [
      '2026-10-24T21:59:59Z',
      '2026-10-24T22:00:00Z',
      '2026-10-25T22:59:59Z',
      '2026-10-25T23:00:00Z',
    ]
    const rows = times.map((time) => viewRow({ site: siteId, started_at: rowTime(Date.parse(time)) }))
    await opened.store.insertViews(ndjson(rows), 'night')
  })
  after(() => opened.close())

  const configure = (input: object) =>
    ask(
      opened.api,
      `mutation ($input: SiteConfigureInput!) { siteConfigure(input: $input) { site { name timeZone origins } } }`,
      { variables: { input: { siteId, ...input } } },
    )
  const report = (args: string, fields: string) =>
    ask(opened.api, `{ site(siteId: "${siteId}") { report(${args}) { ${fields} } } }`)

  test('a site without a name goes by its host and path, and its days are in UTC', async () => {
    const { data } = await ask(opened.api, `{ site(siteId: "${siteId}") { name timeZone disconnectedAt } }`)
    assert.deepEqual(data.site, { name: 'garden.test/blog', timeZone: 'UTC', disconnectedAt: null })
  })

  test('settings change one by one, and an empty name is none', async () => {
    const named = await configure({ name: 'The garden', timeZone: 'Europe/Berlin' })
    const origins = ['https://garden.test']
    assert.deepEqual(named.data.siteConfigure.site, {
      name: 'The garden',
      timeZone: 'Europe/Berlin',
      origins,
    })
    const moved = await configure({ name: '', origins: ['https://cdn.test'] })
    assert.deepEqual(moved.data.siteConfigure.site, {
      name: 'garden.test/blog',
      timeZone: 'Europe/Berlin',
      origins: [...origins, 'https://cdn.test'],
    })
  })

  test('the rates of savings are settings: all three at once, and what is left out is its default', async () => {
    const rates = async (savingsRates?: object) => {
      const { data, errors } = await ask(
        opened.api,
        `mutation ($input: SiteConfigureInput!) { siteConfigure(input: $input) {
          site { savingsRates { pricePerGigabyte currency carbonPerGigabyte isDefaultCarbon } }
          userErrors { field code message } } }`,
        { variables: { input: { siteId, ...(savingsRates && { savingsRates }) } } },
      )
      assert.deepEqual(errors, [])
      const { site, userErrors } = data.siteConfigure
      return site === null ? userErrors : Object.values(site.savingsRates)
    }
    const unset = [null, null, 0.055 * 494, true]
    assert.deepEqual(await rates(), unset)
    assert.deepEqual(await rates({ pricePerGigabyte: 0.08, currency: 'EUR' }), [0.08, 'EUR', unset[2], true])
    assert.deepEqual(await rates({ carbonPerGigabyte: 0 }), [null, null, 0, false])
    assert.deepEqual(await rates(), [null, null, 0, false])
    for (const wrong of [
      { pricePerGigabyte: -1, currency: 'EUR' },
      { pricePerGigabyte: 1e9, currency: 'EUR' },
      { pricePerGigabyte: 1 },
      { currency: 'EUR' },
      { pricePerGigabyte: 1, currency: '=A1' },
      { carbonPerGigabyte: -0.1 },
    ]) {
      const [problem] = await rates(wrong)
      assert.deepEqual([problem.field, problem.code], ['savingsRates', 'INVALID'], JSON.stringify(wrong))
      assert.match(problem.message, /^Nothing was changed: /)
    }
    assert.deepEqual(await rates({}), unset)
  })

  test('an owner adds no origin and no foreign webhook to a site that may have private addresses, and an administrator does', async () => {
    const url = 'http://10.0.0.1'
    const added = await opened.registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: true })
    const id = added.site.id
    const viewer: Principal = {
      kind: 'account',
      account: {
        id: 'o'.repeat(16),
        email: 'owner@garden.test',
        name: 'Owner',
        isAdministrator: false,
        createdAt: new Date(0),
        closedAt: null,
      },
      roles: new Map([[id, 'owner']]),
      readsAll: false,
    }
    const change = (origins: readonly string[], by?: Principal) =>
      ask(
        opened.api,
        `mutation ($input: SiteConfigureInput!) { siteConfigure(input: $input) { site { origins } } }`,
        { variables: { input: { siteId: id, origins } }, ...(by !== undefined && { viewer: by }) },
      )
    const refused = await change(['http://169.254.169.254'], viewer)
    assert.equal(refused.errors[0]?.extensions.code, 'FORBIDDEN')
    assert.match(refused.errors[0]?.message ?? '', /Only an administrator can add one/)
    const internal = 'http://10.0.0.2'
    assert.deepEqual((await change([internal])).data.siteConfigure.site.origins, [url, internal])
    assert.deepEqual((await change([internal], viewer)).data.siteConfigure.site.origins, [url, internal])
    assert.deepEqual((await change([], viewer)).data.siteConfigure.site.origins, [url])
    const hook = async (target: string, by?: Principal) => {
      const { errors } = await ask(
        opened.api,
        'mutation ($input: ChannelAddInput!) { channelAdd(input: $input) { channel { target } } }',
        {
          variables: { input: { siteId: id, kind: 'WEBHOOK', target } },
          ...(by !== undefined && { viewer: by }),
        },
      )
      return errors[0]?.extensions.code ?? null
    }
    assert.equal(await hook('http://169.254.169.254/latest', viewer), 'FORBIDDEN')
    assert.equal(await hook('https://resolves-to-anything.test/', viewer), 'FORBIDDEN')
    assert.equal(await hook(`${url}/hook`, viewer), null)
    assert.equal(await hook('http://10.0.0.3/hook'), null)
  })

  test('a token for thousands of sites is refused before a site is loaded', async () => {
    const siteIds = Array.from({ length: 3000 }, (_, i) => `missing${i}`)
    const input = { name: 'many', siteIds, scopes: ['REPORT_READ'], expiresAt: '2027-01-01T00:00:00Z' }
    const { errors } = await ask(
      opened.api,
      'mutation ($input: TokenCreateInput!) { tokenCreate(input: $input) { secret } }',
      { variables: { input } },
    )
    assert.deepEqual(
      errors.map(({ message }) => message),
      ['Name at most 100 sites.'],
    )
  })

  test('invalid settings and unknown sites are refused with the reason, and nothing changes', async () => {
    for (const [input, why] of [
      [{ timeZone: '+02:00', name: 'new' }, /IANA database, such as Europe\/Amsterdam/],
      [{ name: 'x'.repeat(101) }, /at most 100 characters/],
      [{ origins: ['https://cdn.test/path'], name: 'new' }, /an origin is scheme, host and port/],
      [{ siteId: 'nosuchsite000000' }, /no such site/],
      [{ siteId: '\0' }, /U\+0000/],
    ] as const) {
      const { status, errors } = await configure(input)
      assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
      assert.match(errors[0]?.message ?? '', why)
    }
    assert.equal(
      (await ask(opened.api, `{ site(siteId: "${siteId}") { name } }`)).data.site.name,
      'garden.test/blog',
    )
  })

  test('a reader may not change settings', async () => {
    const document = `mutation { siteConfigure(input: { siteId: "${siteId}", name: "x" }) { site { name } } }`
    assert.equal((await ask(opened.api, document, { viewer: 'reader' })).status, 403)
  })

  test("a report's days are the site's days, also those with 25 hours", async () => {
    await configure({ timeZone: 'Europe/Berlin' })
    const fields = 'from to timeZone totals { views } series(interval: DAY) { start metrics { views } }'
    const { data } = await report('days: { first: "2026-10-24", last: "2026-10-26" }', fields)
    const { series, ...rest } = data.site.report
    assert.deepEqual(rest, {
      from: '2026-10-23T22:00:00.000Z',
      to: '2026-10-26T23:00:00.000Z',
      timeZone: 'Europe/Berlin',
      totals: { views: 4 },
    })
    assert.deepEqual(
      series.map((point: { start: string; metrics: { views: number } }) => [
        point.start,
        point.metrics.views,
      ]),
      [
        ['2026-10-23T22:00:00.000Z', 1],
        ['2026-10-24T22:00:00.000Z', 2],
        ['2026-10-25T23:00:00.000Z', 1],
      ],
    )
    const alone = await report('days: { first: "2026-10-25", last: "2026-10-25" }', 'totals { views }')
    assert.equal(alone.data.site.report.totals.views, 2)
  })

  test('a day of 25 hours has 25 hours, and a day of 23 has 23', async () => {
    await configure({ timeZone: 'Europe/Berlin' })
    for (const [day, length] of [
      ['2026-10-25', 25],
      ['2026-03-29', 23],
    ] as const) {
      const { data } = await report(
        `days: { first: "${day}", last: "${day}" }`,
        'series(interval: HOUR) { start }',
      )
      assert.equal(data.site.report.series.length, length)
    }
  })

  test('a report needs exactly one range, and its days must exist', async () => {
    const range = 'range: { from: "2026-10-24T00:00:00Z", to: "2026-10-25T00:00:00Z" }'
    for (const [args, why] of [
      [`${range}, days: { first: "2026-10-24", last: "2026-10-24" }`, /exactly one of/],
      ['filter: { device: MOBILE }', /exactly one of/],
      [`${range}, lastDays: 3`, /exactly one of/],
      ['lastDays: 0', /no number of days/],
      ['lastDays: 733', /two years/],
      ['days: { first: "2026-02-30", last: "2026-03-01" }', /not a day/],
      ['days: { first: "2026-03-02", last: "2026-03-01" }', /before/],
      ['days: { first: "2020-03-02", last: "2026-03-01" }', /two years/],
    ] as const) {
      const { status, errors } = await report(args, 'totals { views }')
      assert.equal(status, 400)
      assert.match(errors[0]?.message ?? '', why)
    }
  })

  test('the last days end with today', async () => {
    await configure({ timeZone: 'Asia/Kolkata' })
    const { data } = await report('lastDays: 2', 'from to series(interval: DAY) { start }')
    const { from, to, series } = data.site.report
    assert.deepEqual([series.length, Date.parse(to) - Date.parse(from)], [2, 2 * 86_400_000])
    assert.match(from, /T18:30:00.000Z$/)
    assert.ok(Date.parse(to) > Date.now() - 60_000)
  })

  test("a post's days are its site's days", async () => {
    await configure({ timeZone: 'Asia/Kolkata' })
    const url = 'https://garden.test/blog/1'
    const publication = {
      site: siteId,
      post: '1',
      url,
      version: 1,
      revoked: false,
      envelope: '{}',
      assets: [],
    }
    await opened.registry.posts.record(publication)
    const { data } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { post(postId: "1") {
        report(days: { first: "2026-05-01", last: "2026-05-01" }) { from timeZone totals { views } } } } }`,
    )
    const expected = { from: '2026-04-30T18:30:00.000Z', timeZone: 'Asia/Kolkata', totals: { views: 0 } }
    assert.deepEqual(data.site.post.report, expected)
  })
})
