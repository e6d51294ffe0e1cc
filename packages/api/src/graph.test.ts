import assert from 'node:assert/strict'
import { after, before, mock, suite, test } from 'node:test'
import { rowTime } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from './api.testing.ts'

suite('sites and posts', { timeout: 60_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const siteAdd = (input: object) =>
    ask(
      opened.api,
      `mutation ($input: SiteAddInput!) { siteAdd(input: $input) {
        webhookSecret site { id siteId url origins consent publicKey }
      } }`,
      { variables: { input: { consent: 'REQUIRED', allowPrivateAddresses: false, ...input } } },
    )
  const publishVersion = async (siteId: string, post: string) => {
    const chunk = { chunkSize: 65_536, hashes: new Uint8Array(32), etag: null, lastModified: null }
    const asset = {
      id: 'a'.repeat(64),
      url: 'https://blog.test/a.png',
      type: 'image/png',
      size: 10,
      ...chunk,
    }
    const url = `https://blog.test/${post}/`
    await opened.registry.posts.record({
      site: siteId,
      post,
      url,
      version: 1,
      revoked: false,
      envelope: '{}',
      assets: [asset],
    })
  }

  test('an operator adds a site and gets its secret once', async () => {
    const { data } = await siteAdd({ url: 'https://added.test', origins: ['https://cdn.test'] })
    const { webhookSecret, site } = data.siteAdd
    assert.match(webhookSecret, /^whsec_/)
    assert.deepEqual(site.origins, ['https://added.test', 'https://cdn.test'])
    assert.equal(site.consent, 'REQUIRED')
    assert.equal(Buffer.from(site.publicKey, 'base64url').length, 32)
    const again = await siteAdd({ url: 'https://added.test' })
    assert.deepEqual([again.status, again.errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.equal((await siteAdd({ url: 'ftp://added.test' })).status, 400)
  })

  test("an operator sets a site's mode and consent policy", async () => {
    const mutation = `mutation ($input: SitePolicySetInput!) {
      sitePolicySet(input: $input) { site { mode consent } } }`
    const set = (input: object) => ask(opened.api, mutation, { variables: { input } })
    const { site: added } = (await siteAdd({ url: 'https://policy.test', mode: 'SEEDS_ONLY' })).data.siteAdd
    const found = await opened.registry.sites.get(added.siteId)
    assert.deepEqual([found?.mode, found?.unstated.mode], ['seeds-only', 'seeds-only'])
    const { data } = await set({ siteId: added.siteId, mode: 'OFF', consent: 'NOTICE' })
    assert.deepEqual(data.sitePolicySet.site, { mode: 'OFF', consent: 'NOTICE' })
    for (const siteId of ['nosuchsite000000', '\0'])
      assert.equal((await set({ siteId, mode: 'OFF', consent: 'NOTICE' })).status, 400)
  })

  test('sites and posts are found again by their global ids', async () => {
    const { site } = (await siteAdd({ url: 'https://nodes.test' })).data.siteAdd
    await publishVersion(site.siteId, 'hello-1')
    const found = await ask(
      opened.api,
      '{ site(siteId: "' +
        site.siteId +
        '") { post(postId: "hello-1") { id postId version revoked assetCount } } }',
    )
    const { post } = found.data.site
    assert.deepEqual(post, { id: post.id, postId: 'hello-1', version: 1, revoked: false, assetCount: 1 })
    const { data } = await ask(
      opened.api,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Site { url } ... on Post { postId } } }',
      { variables: { ids: [post.id, site.id, Buffer.from('Site:nothing').toString('base64')] } },
    )
    assert.deepEqual(data.nodes, [
      { __typename: 'Post', id: post.id, postId: 'hello-1' },
      { __typename: 'Site', id: site.id, url: 'https://nodes.test/' },
      null,
    ])
  })

  test('what does not exist is null', async () => {
    const { siteId } = (await siteAdd({ url: 'https://empty.test' })).data.siteAdd.site
    const { data } = await ask(
      opened.api,
      `{ none: site(siteId: "no") { id } site(siteId: "${siteId}") { post(postId: "9") { id } } }`,
    )
    assert.deepEqual(data, { none: null, site: { post: null } })
  })

  test('impossible ids are null, or refused, and reach no engine', async () => {
    const log = mock.method(console, 'error', () => {})
    const { siteId } = (await siteAdd({ url: 'https://odd-ids.test' })).data.siteAdd.site
    const globalId = (text: string) => Buffer.from(text).toString('base64')
    const long = 'a'.repeat(20_000)
    const notFound: [query: string, variables: object, data: object][] = [
      ['query ($s: String!) { site(siteId: $s) { url } }', { s: long }, { site: null }],
      ['query ($s: String!) { site(siteId: $s) { url } }', { s: '../..' }, { site: null }],
      [
        `query ($p: String!) { site(siteId: "${siteId}") { post(postId: $p) { url } } }`,
        { p: long },
        { site: { post: null } },
      ],
      ...['Site:x\u0000y', `Site:${long}`, 'Post:x\u0000y/1', `Post:${siteId}/\u0000`, `Post:${siteId}`].map(
        (id): [string, object, object] => [
          'query ($id: ID!) { node(id: $id) { id } }',
          { id: globalId(id) },
          { node: null },
        ],
      ),
    ]
    for (const [query, variables, expected] of notFound) {
      const { data, errors } = await ask(opened.api, query, { variables })
      assert.deepEqual([data, errors], [expected, []], JSON.stringify(variables).slice(0, 60))
    }
    const range = '{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }'
    const report = (args: string, selection: string) =>
      `query ($s: String!) { site(siteId: "${siteId}") { report(range: ${range} ${args}) { ${selection} } } }`
    const refused = [
      'query ($s: String!) { site(siteId: $s) { url } }',
      `query ($s: String!) { site(siteId: "${siteId}") { post(postId: $s) { url } } }`,
      'query ($s: ID!) { node(id: $s) { id } }',
      'query ($s: ID!) { nodes(ids: [$s]) { id } }',
      'query ($s: String!) { sites(after: $s) { edges { cursor } } }',
      report('filter: { post: $s }', 'totals { views }'),
      report('filter: { country: $s }', 'totals { views }'),
      report('filter: { network: $s }', 'visitors'),
      report('', 'series(interval: DAY, timeZone: $s) { start }'),
      `query ($s: DateTime!) { site(siteId: "${siteId}") { report(range: { from: $s, to: $s }) { visitors } } }`,
      'mutation ($s: String!) { siteRemove(input: { siteId: $s }) { views } }',
      `mutation ($s: String!) { visitorDayRemove(input: { siteId: $s, visitor: "1", day: "2026-05-01T00:00:00Z" }) { views } }`,
      'mutation ($s: String!) { siteRetain(input: { siteId: $s, days: 3 }) { site { id } } }',
      'mutation ($s: String!) { postPublish(input: { siteId: $s, postId: $s, url: $s }) { accepted } }',
      'mutation ($s: String!) { siteAdd(input: { url: $s, consent: REQUIRED, allowPrivateAddresses: false }) { webhookSecret } }',
    ]
    for (const query of refused) {
      for (const s of ['\0', `a\0${siteId}`, '\ud800', 'a\udc00b']) {
        const { status, errors } = await ask(opened.api, query, { variables: { s } })
        assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'], query)
      }
    }
    const written = await ask(opened.api, '{ site(siteId: "\\u0000") { url } }')
    assert.deepEqual([written.status, written.errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.equal(log.mock.callCount(), 0)
    log.mock.restore()
  })

  test('posts are paged, latest publication first', async () => {
    const { siteId } = (await siteAdd({ url: 'https://paged.test' })).data.siteAdd.site
    for (const post of ['1', '2', '3']) await publishVersion(siteId, post)
    const page = async (args: string) => {
      const { data } = await ask(
        opened.api,
        `{ site(siteId: "${siteId}") { posts(${args}) { pageInfo { hasNextPage endCursor } edges { node { postId } } } } }`,
      )
      return data.site.posts
    }
    const first = await page('first: 2')
    assert.deepEqual(
      first.edges.map((edge: { node: { postId: string } }) => edge.node.postId),
      ['3', '2'],
    )
    assert.equal(first.pageInfo.hasNextPage, true)
    const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)
    assert.deepEqual(second.edges, [{ node: { postId: '1' } }])
  })

  test("a post's report is about that post", async () => {
    const { siteId } = (await siteAdd({ url: 'https://reported.test' })).data.siteAdd.site
    await publishVersion(siteId, '7')
    const started_at = rowTime(Date.parse('2026-05-01T10:00:00Z'))
    const rows = ['7', '7', '8', null].map((post) => viewRow({ site: siteId, started_at, post }))
    await opened.store.insertViews(ndjson(rows), 'posts')
    const views = (filter: string) =>
      ask(
        opened.api,
        `{ site(siteId: "${siteId}") { post(postId: "7") { report(
          range: { from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }, ${filter}
        ) { totals { views } } } } }`,
      )
    assert.equal((await views('')).data.site.post.report.totals.views, 2)
    assert.equal((await views('filter: { post: "8" }')).errors[0]?.extensions.code, 'BAD_USER_INPUT')
  })

  test('a post is submitted for publication when its url is on the site', async () => {
    const { siteId } = (await siteAdd({ url: 'https://published.test' })).data.siteAdd.site
    const publish = (input: object) =>
      ask(opened.api, 'mutation ($input: PostPublishInput!) { postPublish(input: $input) { accepted } }', {
        variables: { input: { siteId, postId: '1', url: 'https://published.test/1/', ...input } },
      })
    assert.deepEqual((await publish({})).data, { postPublish: { accepted: true } })
    assert.deepEqual(opened.published, [[siteId, '1', 'https://published.test/1/']])
    for (const wrong of [
      { url: 'https://elsewhere.test/' },
      { url: 'no' },
      ...oddAddresses('https://published.test').map((url) => ({ url })),
      { postId: 'a/b' },
      { postId: '..' },
      { postId: 'a'.repeat(50_000) },
      { siteId: 'nothing' },
    ]) {
      assert.equal((await publish(wrong)).errors[0]?.extensions.code, 'BAD_USER_INPUT', JSON.stringify(wrong))
    }
    assert.equal(opened.published.length, 1)
  })

  test('a post whose site is removed during its submission is refused', async () => {
    const { siteId } = (await siteAdd({ url: 'https://leaving.test' })).data.siteAdd.site
    const { sites } = opened.registry
    // The first lookup finds the site, the publisher's lookup does not.
    const get = mock.method(sites, 'get', async () => null)
    const found = await sites.list()
    get.mock.mockImplementationOnce(async () => found.find(({ id }) => id === siteId) ?? null)
    const { status, errors } = await ask(
      opened.api,
      'mutation ($input: PostPublishInput!) { postPublish(input: $input) { accepted } }',
      { variables: { input: { siteId, postId: '1', url: 'https://leaving.test/1/' } } },
    ).finally(() => get.mock.restore())
    assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
  })

  test('no address, text or number in a mutation causes an unexpected error', async () => {
    const log = mock.method(console, 'error', () => {})
    const { siteId } = (await siteAdd({ url: 'https://inputs.test' })).data.siteAdd.site
    const refused: [mutation: string, variables: object][] = [
      ...oddAddresses('https://inputs.test').flatMap((s): [string, object][] => [
        [
          'mutation ($s: String!) { siteAdd(input: { url: $s, consent: REQUIRED, allowPrivateAddresses: false }) { webhookSecret } }',
          { s },
        ],
        [
          'mutation ($s: String!) { siteAdd(input: { url: "https://more.test", origins: [$s], consent: REQUIRED, allowPrivateAddresses: false }) { webhookSecret } }',
          { s },
        ],
        ['mutation ($s: String!) { siteRemove(input: { siteId: $s }) { views } }', { s }],
        ['mutation ($s: String!) { siteRetain(input: { siteId: $s, days: 3 }) { site { id } } }', { s }],
        [
          `mutation ($s: String!) { visitorDayRemove(input: { siteId: "${siteId}", visitor: $s, day: "2026-05-01T00:00:00Z" }) { views } }`,
          { s },
        ],
        [
          `mutation ($s: DateTime!) { visitorDayRemove(input: { siteId: "${siteId}", visitor: "1", day: $s }) { views } }`,
          { s },
        ],
      ]),
      ...[-1, 0, 2_147_483_647].map((days): [string, object] => [
        `mutation ($days: Int!) { siteRetain(input: { siteId: "${siteId}", days: $days }) { site { id } } }`,
        { days },
      ]),
      ...['18446744073709551616', '-1', '1e3', ''].map((visitor): [string, object] => [
        `mutation ($visitor: String!) { visitorDayRemove(input: { siteId: "${siteId}", visitor: $visitor, day: "2026-05-01T00:00:00Z" }) { views } }`,
        { visitor },
      ]),
    ]
    for (const [mutation, variables] of refused) {
      const { status, errors } = await ask(opened.api, mutation, { variables })
      assert.deepEqual(
        [status, errors[0]?.extensions.code],
        [400, 'BAD_USER_INPUT'],
        `${mutation} ${JSON.stringify(variables).slice(0, 80)}`,
      )
    }
    // A removed site may still have views.
    const ofAnySite =
      'mutation ($s: String!) { visitorDayRemove(input: { siteId: $s, visitor: "1", day: "2026-05-01T00:00:00Z" }) { views } }'
    for (const s of oddAddresses('https://inputs.test')) {
      const { data, errors } = await ask(opened.api, ofAnySite, { variables: { s } })
      if (errors.length === 0) assert.deepEqual(data, { visitorDayRemove: { views: 0 } })
      else assert.equal(errors[0]?.extensions.code, 'BAD_USER_INPUT')
    }
    assert.equal(log.mock.callCount(), 0)
    log.mock.restore()
  })
})

/** Addresses on the origin that are valid URLs but not accepted here, and texts that are no address. */
function oddAddresses(origin: string): string[] {
  return [
    `blob:${origin}/a`,
    origin.replace('//', '//user:secret@'),
    origin.replace('//', '//user@'),
    `${origin}/\0`,
    `${origin}/a\nb`,
    `${origin}/\ud800`,
    `${origin}/${'a'.repeat(50_000)}`,
    `${origin}:99999/`,
    'data:text/html,a',
    '//published.test/1/',
    '',
  ]
}
