import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { openTestApi, senderOf, type TestApi } from './api.testing.ts'
import { type Api, createApi } from './create-api.ts'
import { openStream } from './streams/event-stream.testing.ts'

describe('a graph that answers persisted documents alone', { timeout: 120_000 }, () => {
  let opened: TestApi
  let api: Api
  before(async () => {
    opened = await openTestApi()
    const documents = new Map([
      ['sha256:1', 'query Typename { __typename }'],
      ['sha256:s', 'subscription Progress($ids: [ID!]!) { draftProgress(ids: $ids) { status } }'],
    ])
    api = createApi({ ...opened.sources, documents, persistedOnly: true })
  })
  after(() => opened.close())

  const reader: Principal = { kind: 'reader' }
  const post = async (body: object, mayAskAnything = false) => {
    const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    const response = await api.fetch('http://api.test/graphql', init, {
      sender: senderOf(reader),
      mayAskAnything,
    })
    const { data, errors } = (await response.json()) as {
      readonly data?: object
      readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
    }
    return data ?? [response.status, errors?.[0]?.extensions.code]
  }

  test('answers a document by its id, and nothing else', async () => {
    assert.deepEqual(await post({ documentId: 'sha256:1' }), { __typename: 'Query' })
    const required = [403, 'PERSISTED_DOCUMENT_REQUIRED']
    assert.deepEqual(await post({ query: '{ __typename }' }), required)
    assert.deepEqual(await post({ query: '{ __schema { types { name } } }' }), required)
    assert.deepEqual(await post({ documentId: 'sha256:2' }), [404, 'PERSISTED_DOCUMENT_NOT_FOUND'])
    // The id decides, whatever text comes with it.
    assert.deepEqual(await post({ documentId: 'sha256:1', query: '{ me { name } }' }), {
      __typename: 'Query',
    })
  })

  test('streams a subscription by its id, and no other', async () => {
    const { registry } = opened
    const input = { url: 'https://persisted.test', consent: 'assumed', allowPrivateAddresses: false } as const
    const { site } = await registry.sites.add(input)
    const request = { brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const draft = await registry.drafts.request({ site: site.id, ...request })
    await registry.drafts.cancel(draft.id)
    const ids = [Buffer.from(`Draft:${site.id}/${draft.id}`).toString('base64')]
    const administrator = { kind: 'administrator', account: null } as const
    const named = await openStream(api, { documentId: 'sha256:s', variables: { ids } }, administrator)
    assert.deepEqual(await named.rest(), [{ data: { draftProgress: { status: 'CANCELLED' } } }])
    const query = 'subscription ($ids: [ID!]!) { draftProgress(ids: $ids) { status } }'
    const unnamed = await openStream(api, { query, variables: { ids } }, administrator)
    assert.equal(unnamed.status, 403)
    assert.equal((await unnamed.next())?.errors?.[0]?.extensions.code, 'PERSISTED_DOCUMENT_REQUIRED')
  })

  test('answers anything to a sender that may ask anything', async () => {
    assert.deepEqual(await post({ query: '{ __typename }' }, true), { __typename: 'Query' })
  })
})
