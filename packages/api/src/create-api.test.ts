import assert from 'node:assert/strict'
import { after, before, mock, suite, test } from 'node:test'
import { buildClientSchema, getIntrospectionQuery } from 'graphql'
import { auditServer } from 'graphql-http'
import { RegistryError } from '@peerpress/registry'
import { ask, openTestApi, readAnswer, sendingApi, type TestApi } from './api.testing.ts'
import { documentLimits } from './limits/document-limits.ts'
import { maxValueNesting } from './limits/use-nesting-limits.ts'

let opened: TestApi
before(
  async () => {
    opened = await openTestApi()
  },
  { timeout: 60_000 },
)
after(() => opened.close())

suite('GraphQL over HTTP', { timeout: 60_000 }, () => {
  const post = async (body: string, headers: Record<string, string> = {}) =>
    opened.api.fetch('http://api.test/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: 'Bearer operator',
        ...headers,
      },
      body,
    })

  const get = async (parameters: Record<string, string>) =>
    opened.api.fetch(
      `http://api.test/graphql?${new URLSearchParams({ query: '{__typename}', ...parameters })}`,
      { headers: { accept: 'application/graphql-response+json', authorization: 'Bearer operator' } },
    )

  test('empty and null parameters of a GET count as missing', async () => {
    for (const parameters of [
      { variables: '' },
      { variables: 'null' },
      { extensions: '' },
      { variables: '{}' },
    ]) {
      const { data } = (await (await get(parameters)).json()) as { data: unknown }
      assert.deepEqual(data, { __typename: 'Query' })
    }
  })

  test('no response may be cached', async () => {
    const bearer = { authorization: 'Bearer operator' }
    const answers = {
      'a query': get({}),
      'a refused GET': get({ variables: '{' }),
      'a POST': post('{"query":"{__typename}"}'),
      'a refused POST': post('{'),
      'a form': post('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      nobody: post('{"query":"{__typename}"}', { authorization: 'nobody' }),
      'another method': opened.api.fetch('http://api.test/graphql', { method: 'PUT', headers: bearer }),
      'a HEAD': opened.api.fetch('http://api.test/graphql', { method: 'HEAD', headers: bearer }),
      OPTIONS: opened.api.fetch('http://api.test/graphql', { method: 'OPTIONS', headers: bearer }),
      'a mutation by GET': get({ query: 'mutation { siteRemove(input: { siteId: "a" }) { views } }' }),
      'another path': opened.api.fetch('http://api.test/graphql/more', { headers: bearer }),
    }
    for (const [what, answer] of Object.entries(answers)) {
      assert.equal((await answer).headers.get('cache-control'), 'no-store', what)
    }
  })

  test('passes every check of the graphql-http audit', async () => {
    const fetchFn = (url: string, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      headers.set('authorization', 'Bearer operator')
      return opened.api.fetch(url, { ...init, headers })
    }
    const results = await auditServer({ url: 'http://api.test/graphql', fetchFn })
    const failed = results.filter(({ status }) => status !== 'ok')
    assert.deepEqual(
      failed.map(({ id, name, status }) => ({ id, name, status })),
      [],
    )
    assert.equal(results.length, 61)
  })

  test('answers queries sent by GET', async () => {
    const url = `http://api.test/graphql?query=${encodeURIComponent('{ __typename }')}`
    const response = await opened.api.fetch(url, { headers: { authorization: 'Bearer reader' } })
    const { data } = (await response.json()) as { data: unknown }
    assert.deepEqual(data, { __typename: 'Query' })
  })

  test('refuses a mutation sent by GET', async () => {
    const query = 'mutation { postPublish(input: { siteId: "a", postId: "1", url: "u" }) { accepted } }'
    const url = `http://api.test/graphql?query=${encodeURIComponent(query)}`
    const response = await opened.api.fetch(url, { headers: { authorization: 'Bearer operator' } })
    assert.equal(response.status, 405)
    assert.equal((await readAnswer(response)).errors[0]?.extensions.code, 'BAD_REQUEST')
    assert.deepEqual(opened.published, [])
  })

  test('can be introspected', async () => {
    const { status, data } = await ask(opened.api, getIntrospectionQuery(), { viewer: 'reader' })
    assert.equal(status, 200)
    assert.ok(buildClientSchema(data).getType('Report'))
  })

  test('serves no GraphiQL page', async () => {
    const headers = { accept: 'text/html', authorization: 'Bearer operator' }
    const response = await opened.api.fetch('http://api.test/graphql', { headers })
    assert.notEqual(response.status, 200)
    assert.doesNotMatch(await response.text(), /<html/i)
  })

  test('an invalid document gets status 200 if the client accepts application/json', async () => {
    const answer = await readAnswer(await post('{"query":"{ nothing }"}', { accept: 'application/json' }))
    assert.deepEqual([answer.status, answer.errors[0]?.extensions.code], [200, 'GRAPHQL_VALIDATION_FAILED'])
  })

  const list = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`
  const object = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const asking = (query: string) => JSON.stringify({ query })
  const tooDeep: Record<string, readonly [request: () => Promise<Response>, status: number, code: string]> = {
    'variables that nest 5,000 lists': [
      () => post(`{"query":"{__typename}","variables":{"a":${list(5000)}}}`),
      400,
      'BAD_USER_INPUT',
    ],
    'variables that nest 5,000 objects': [
      () => post(`{"query":"{__typename}","variables":${object(5000)}}`),
      400,
      'BAD_USER_INPUT',
    ],
    'a moment that nests 30,000 lists': [
      () =>
        post(
          `{"query":"query($a:DateTime!){site(siteId:\\"a\\"){report(range:{from:$a,to:$a}){totals{views}}}}","variables":{"a":${list(30_000)}}}`,
        ),
      400,
      'BAD_USER_INPUT',
    ],
    'extensions that nest 30,000 lists': [
      () => post(`{"query":"{__typename}","extensions":{"a":${list(30_000)}}}`),
      400,
      'BAD_USER_INPUT',
    ],
    'variables of a GET that nest 5,000 lists': [
      () => get({ variables: `{"a":${list(5000)}}` }),
      400,
      'BAD_USER_INPUT',
    ],
    'extensions of a GET that nest 5,000 lists': [
      () => get({ extensions: `{"a":${list(5000)}}` }),
      400,
      'BAD_USER_INPUT',
    ],
    'a query that nests 30,000 lists': [() => post(`{"query":${list(30_000)}}`), 400, 'BAD_REQUEST'],
    'a name of an operation that nests 30,000 lists': [
      () => post(`{"query":"{__typename}","operationName":${list(30_000)}}`),
      400,
      'BAD_REQUEST',
    ],
    'a batch that nests 30,000 lists': [() => post(list(30_000)), 400, 'BAD_REQUEST'],
    'an argument that nests 1,990 lists': [
      () => post(asking(`{a(b:${'['.repeat(1990)}`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    'an argument of a GET that nests 1,990 lists': [
      () => get({ query: `{a(b:${'['.repeat(1990)}` }),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    'an argument that nests 900 objects': [
      () => post(asking(`{a(b:${'{a:'.repeat(900)}`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    'a type that nests 990 lists': [
      () => post(asking(`query($a:${'['.repeat(990)}Int${']'.repeat(990)}){__typename}`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    'fields that nest 1,990 deep, and open only': [
      () => post(asking('{'.repeat(1990))),
      400,
      'QUERY_TOO_COMPLEX',
    ],
    'a moment of 30,000 lists, which is too many tokens too': [
      () => post(asking(`{site(siteId:"a"){report(range:{from:${list(10_000)}})}}`)),
      400,
      'QUERY_TOO_COMPLEX',
    ],
  }

  test('nesting up to the limits, and brackets in texts and comments, are accepted', async () => {
    const brackets = '['.repeat(100)
    const query = `query($a: ID! = "${brackets}") { # ${brackets}
      node(id: $a) { id } }`
    const block = `{ node(id: """${brackets} \\""" ${brackets}""") { id } }`
    for (const text of [query, block]) {
      const { errors } = await readAnswer(await post(asking(text)))
      assert.deepEqual([errors.length, errors[0]?.extensions.code], [1, 'BAD_USER_INPUT'], text)
      assert.match(errors[0]?.message ?? '', /id/)
      assert.doesNotMatch(errors[0]?.message ?? '', /nests/)
    }
    const fragments = `${'{... on Query'.repeat(documentLimits.nesting - 1)}{__typename}${'}'.repeat(documentLimits.nesting - 1)}`
    assert.equal((await readAnswer(await post(asking(fragments)))).status, 200)
    const one = await readAnswer(await post(asking(fragments.replace('{__typename}', '{...{__typename}}'))))
    assert.equal(one.errors[0]?.extensions.code, 'QUERY_TOO_COMPLEX')
    const variables = (depth: number) =>
      post(`{"query":"{__typename}","variables":{"a":${list(depth)}},"extensions":{"a":${list(depth)}}}`)
    assert.equal((await variables(maxValueNesting - 1)).status, 200)
    assert.equal((await variables(maxValueNesting)).status, 400)
  })

  const refusals: Record<string, readonly [request: () => Promise<Response>, status: number, code: string]> =
    {
      'a batch': [() => post('[{"query":"{__typename}"}]'), 400, 'BAD_REQUEST'],
      'a body that is not JSON': [() => post('{'), 400, 'BAD_REQUEST'],
      'a form, which any site can make a browser send': [
        () => post('query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      'plain text': [
        () => post('{"query":"{__typename}"}', { 'content-type': 'text/plain' }),
        415,
        'UNSUPPORTED_MEDIA_TYPE',
      ],
      'a body over 1 MiB': [
        () => post(JSON.stringify({ query: '{__typename}', variables: { a: 'x'.repeat(1024 ** 2) } })),
        413,
        'REQUEST_ENTITY_TOO_LARGE',
      ],
      'a document of too many tokens': [
        () => post(JSON.stringify({ query: `{ __typename ${'@skip(if: false) '.repeat(500)} }` })),
        400,
        'GRAPHQL_PARSE_FAILED',
      ],
      'a document that is too deep': [
        () => post(JSON.stringify({ query: `${'{ a '.repeat(17)}${'}'.repeat(17)}` })),
        400,
        'QUERY_TOO_COMPLEX',
      ],
      ...tooDeep,
      'variables of a GET that are no JSON': [() => get({ variables: '{' }), 400, 'BAD_REQUEST'],
      'extensions of a GET that are no JSON': [() => get({ extensions: '}' }), 400, 'BAD_REQUEST'],
      'variables of a GET that are a list': [() => get({ variables: '[1]' }), 400, 'BAD_REQUEST'],
      'variables of a GET that are a text': [() => get({ variables: '"a"' }), 400, 'BAD_REQUEST'],
      'variables of a GET that are a number': [() => get({ variables: '7' }), 400, 'BAD_REQUEST'],
      'extensions of a GET that are a number': [() => get({ extensions: '7' }), 400, 'BAD_REQUEST'],
      'variables that are a list': [
        () => post('{"query":"{__typename}","variables":[]}'),
        400,
        'BAD_REQUEST',
      ],
      'variables that are a text': [
        () => post('{"query":"{__typename}","variables":"{}"}'),
        400,
        'BAD_REQUEST',
      ],
      'extensions that are a text': [
        () => post('{"query":"{__typename}","extensions":"{}"}'),
        400,
        'BAD_REQUEST',
      ],
      'a name of an operation that is a number': [
        () => post('{"query":"{__typename}","operationName":7}'),
        400,
        'BAD_REQUEST',
      ],
      'an operation that is not there': [
        () => post('{"query":"query a {__typename}","operationName":"b"}'),
        400,
        'OPERATION_RESOLUTION_FAILURE',
      ],
      'an unknown field': [() => post('{"query":"{ nothing }"}'), 400, 'GRAPHQL_VALIDATION_FAILED'],
      'a missing variable': [
        () => post('{"query":"query ($id: ID!) { node(id: $id) { id } }"}'),
        400,
        'BAD_USER_INPUT',
      ],
      'a global id that is none': [
        () => post('{"query":"{ node(id: \\"?\\") { id } }"}'),
        400,
        'BAD_USER_INPUT',
      ],
    }
  for (const [what, [request, status, code]] of Object.entries(refusals)) {
    test(`refuses ${what}`, async () => {
      const log = mock.method(console, 'error', () => {})
      const answer = await readAnswer(await request()).finally(() => log.mock.restore())
      assert.equal(log.mock.callCount(), 0)
      assert.deepEqual(
        [answer.status, answer.errors[0]?.extensions.code],
        [status, code],
        answer.errors[0]?.message,
      )
      assert.equal(answer.data, undefined)
    })
  }
})

suite('authorization', { timeout: 60_000 }, () => {
  test('a request without a token learns how to sign in, and nothing else', async () => {
    for (const query of ['{ __typename }', '{ sites { edges { cursor } } }', '{ nonsense']) {
      const { status, headers, data, errors } = await ask(opened.api, query, { viewer: 'nobody' })
      assert.deepEqual([status, data, errors[0]?.extensions.code], [401, undefined, 'UNAUTHENTICATED'])
      assert.equal(headers.get('www-authenticate'), 'Bearer')
    }
  })

  test('a reader may query but change nothing', async () => {
    assert.equal((await ask(opened.api, '{ sites { edges { cursor } } }', { viewer: 'reader' })).status, 200)
    const mutation = `mutation { siteAdd(input: {
      url: "https://blog.test", consent: ASSUMED, allowPrivateAddresses: false
    }) { webhookSecret } }`
    const { status, errors } = await ask(opened.api, mutation, { viewer: 'reader' })
    assert.deepEqual([status, errors[0]?.extensions.code], [403, 'FORBIDDEN'])
    assert.deepEqual(await opened.registry.sites.list(), [])
  })
})

suite('internal errors', { timeout: 60_000 }, () => {
  test('an unexpected error is masked and logged', async () => {
    const { registry } = opened
    const sites = { ...registry.sites, page: () => Promise.reject(new Error('password is hunter2')) }
    const api = sendingApi({
      ...opened.sources,
      registry: { ...registry, sites },
    })
    const log = mock.method(console, 'error', () => {})
    const { NODE_ENV } = process.env
    process.env['NODE_ENV'] = 'development'
    try {
      const { errors } = await ask(api, '{ sites { edges { cursor } } }')
      assert.equal(errors[0]?.extensions.code, 'INTERNAL_SERVER_ERROR')
      assert.doesNotMatch(JSON.stringify(errors), /hunter2/)
      assert.ok(log.mock.callCount() > 0)
    } finally {
      log.mock.restore()
      if (NODE_ENV === undefined) delete process.env['NODE_ENV']
      else process.env['NODE_ENV'] = NODE_ENV
    }
  })

  test('a full disk gets a 503 response that says so', async () => {
    const { registry } = opened
    const full = new RegistryError('disk-full', 'The disk of the records is full.')
    const sites = { ...registry.sites, add: () => Promise.reject(full) }
    const api = sendingApi({ ...opened.sources, registry: { ...registry, sites } })
    const log = mock.method(console, 'error', () => {})
    try {
      const input = '{ url: "https://full.test", consent: ASSUMED, allowPrivateAddresses: false }'
      const query = `mutation { siteAdd(input: ${input}) { site { siteId } } }`
      const { status, data, errors } = await ask(api, query)
      assert.deepEqual([status, data, errors[0]?.extensions.code], [503, undefined, 'UNAVAILABLE'])
      assert.equal(errors[0]?.message, full.message)
    } finally {
      log.mock.restore()
    }
  })

  test('a closed store gets a 503 response', async () => {
    const input = { url: 'https://blog.test', consent: 'assumed', allowPrivateAddresses: false } as const
    const { site } = await opened.registry.sites.add(input)
    await opened.store.close()
    const range = '{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }'
    const query = `{ site(siteId: "${site.id}") { report(range: ${range}) { totals { views } } } }`
    const { status, errors, headers } = await ask(opened.api, query)
    assert.deepEqual([status, errors[0]?.extensions.code], [503, 'UNAVAILABLE'])
    assert.equal(headers.get('retry-after'), '5')
  })
})
