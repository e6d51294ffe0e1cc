import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('connectors', { timeout: 120_000 }, () => {
  let opened: TestApi
  let siteId: string

  before(async () => {
    opened = await openTestApi()
    const input = { url: 'https://blog.example', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(input)).site.id
  })
  after(() => opened.close())

  const set = (input: object) =>
    ask(
      opened.api,
      `mutation($input: ConnectorSetInput!) { connectorSet(input: $input) {
        secret connector { id connectorId kind url path everyMinutes } } }`,
      { variables: { input: { siteId, ...input } } },
    )

  test('a feed is set, read with its pages and their outcomes, and removed', async () => {
    const { data } = await set({ kind: 'FEED', url: 'https://blog.example/feed.xml', everyMinutes: 30 })
    const { secret, connector } = data.connectorSet
    const { connectorId } = connector
    assert.deepEqual(
      [secret, connector.kind, connector.url, connector.path, connector.everyMinutes],
      [null, 'FEED', 'https://blog.example/feed.xml', null, 30],
    )
    const pages = ['a', 'b'].map((post) => ({
      post,
      url: `https://blog.example/${post}`,
      hint: null,
      isRequested: true,
    }))
    await opened.registry.connectors.record(connectorId, 1, pages)
    const failure = { result: 'failed', code: 'timeout', message: 'no end in time' } as const
    await opened.registry.outcomes.record({ site: siteId, post: 'a', ...failure })
    const read = await ask(
      opened.api,
      `query($siteId: String!) { site(siteId: $siteId) { connectors {
        connectorId polledAt error failures named requested problems pages { postId url result message } } } }`,
      { variables: { siteId } },
    )
    assert.deepEqual(read.data.site.connectors, [
      {
        connectorId,
        polledAt: null,
        error: null,
        failures: 0,
        named: null,
        requested: null,
        problems: [],
        pages: [
          { postId: 'a', url: 'https://blog.example/a', result: 'FAILED', message: 'no end in time' },
          { postId: 'b', url: 'https://blog.example/b', result: null, message: null },
        ],
      },
    ])
    const node = await ask(
      opened.api,
      'query($id: ID!) { node(id: $id) { ... on Connector { connectorId } } }',
      {
        variables: { id: connector.id },
      },
    )
    assert.equal(node.data.node.connectorId, connectorId)
    const remove = 'mutation($input: ConnectorRemoveInput!) { connectorRemove(input: $input) { wasKnown } }'
    for (const wasKnown of [true, false]) {
      const removed = await ask(opened.api, remove, { variables: { input: { siteId, connectorId } } })
      assert.deepEqual(removed.data.connectorRemove, { wasKnown })
    }
  })

  test('a webhook has a path and a secret, which nothing else returns', async () => {
    const { data } = await set({ kind: 'WEBHOOK' })
    const { secret, connector } = data.connectorSet
    assert.match(secret, /^whsec_/)
    assert.equal(connector.path, `/v1/sites/${siteId}/connectors/${connector.connectorId}/events`)
    const { data: graph } = await ask(opened.api, '{ type: __type(name: "Connector") { fields { name } } }')
    assert.ok(!graph.type.fields.some(({ name }: { name: string }) => /secret/i.test(name)))
  })

  test('settings that no connector can have are refused with the reason', async () => {
    for (const [input, reason] of [
      [{ kind: 'FEED', url: 'https://other.example/feed' }, /not on an origin of the site/],
      [{ kind: 'SITEMAP' }, /absolute http/],
      [{ kind: 'WEBHOOK', url: 'https://blog.example/' }, /no URL of its own/],
      [{ kind: 'FEED', url: 'https://blog.example/f', everyMinutes: 1 }, /5 to 1440 minutes/],
      [{ kind: 'FEED', siteId: 'nowhere', url: 'https://blog.example/f' }, /no such site/],
    ] as const) {
      const { errors } = await set(input)
      assert.equal(errors[0]?.extensions.code, 'BAD_USER_INPUT')
      assert.match(errors[0].message, reason)
    }
  })

  test('a reader of reports neither reads nor changes connectors', async () => {
    const { data } = await set({ kind: 'FEED', url: 'https://blog.example/private.xml' })
    const reader = { viewer: 'reader' } as const
    const list = '{ sites { edges { node { connectors { url } } } } }'
    assert.equal((await ask(opened.api, list, reader)).errors[0]?.extensions.code, 'FORBIDDEN')
    const node = await ask(opened.api, 'query($id: ID!) { node(id: $id) { id } }', {
      ...reader,
      variables: { id: data.connectorSet.connector.id },
    })
    assert.equal(node.data?.node ?? null, null)
    const mutation = await ask(
      opened.api,
      'mutation($input: ConnectorSetInput!) { connectorSet(input: $input) { secret } }',
      { ...reader, variables: { input: { siteId, kind: 'WEBHOOK' } } },
    )
    assert.equal(mutation.errors[0]?.extensions.code, 'FORBIDDEN')
  })
})
