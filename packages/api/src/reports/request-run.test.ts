import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, mock, suite, test } from 'node:test'
import { type CallOptions, type ReportQuery, type Store, StoreError } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { ask, openTestApi, readAnswer, senderOf, sendingApi, type TestApi } from '../api.testing.ts'
import { createApi } from '../create-api.ts'

const day = '{ from: "2026-05-01T00:00:00Z", to: "2026-05-02T00:00:00Z" }'
const twoYears = '{ from: "2024-05-01T00:00:00Z", to: "2026-05-01T00:00:00Z" }'
const times = (n: number, field: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => field(i)).join(' ')

suite('a request and its queries to the store', { timeout: 60_000 }, () => {
  let opened: TestApi
  let siteId: string
  /** The callers of the store, and their queries: each is answered when the test says so. */
  let callers: CallOptions[]
  let queries: ReportQuery[]
  let answers: PromiseWithResolvers<never>[]
  /** Resolves after this many queries. */
  let onQuery: () => void

  /** The store of the test, whose totals wait until they are answered or cancelled. */
  const store: Pick<Store, 'reportsFor'> = {
    reportsFor: (options) => {
      callers.push(options)
      return {
        ...opened.store.reportsFor(options),
        totals: async (query) => {
          queries.push(query)
          const answer = Promise.withResolvers<never>()
          answers.push(answer)
          options.signal?.addEventListener('abort', () => {
            // The real store does the same.
            opened.store.reportsFor(options).totals(query).then(answer.reject, answer.reject)
          })
          onQuery()
          return answer.promise
        },
      }
    },
  }
  const optionsWith = (requestTime?: number) => ({
    ...opened.sources,
    store,
    ...(requestTime === undefined ? {} : { requestTime }),
  })
  const apiWith = (requestTime?: number) => sendingApi(optionsWith(requestTime))
  const askedFor = (count: number) =>
    new Promise<void>((resolve) => {
      onQuery = () => queries.length >= count && resolve()
    })
  const reportOf = (selection: string, range = day) =>
    `{ site(siteId: "${siteId}") { report(range: ${range}) { ${selection} } } }`

  before(async () => {
    opened = await openTestApi()
    const input = { url: 'https://blog.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(input)).site.id
  })
  after(() => opened.close())
  beforeEach(() => {
    callers = []
    queries = []
    answers = []
    onQuery = () => undefined
  })

  const tooMuch: Record<string, () => string> = {
    '101 totals': () => reportOf(times(101, (i) => `t${i}: totals { views }`)),
    'ninety totals and ten comparisons': () =>
      reportOf(
        times(90, (i) => `t${i}: totals { views }`) +
          times(10, (i) => `c${i}: comparison { previous { views } }`),
      ),
    '51 totals over two years': () =>
      reportOf(
        times(51, (i) => `t${i}: totals { views }`),
        twoYears,
      ),
    'two totals of each of a hundred sites': () =>
      `{ sites(first: 100) { edges { node { report(range: ${day}) { totals { views } visitors } } } } }`,
    'six totals of each site of a page': () =>
      `{ sites { edges { node { report(range: ${day}) { ${times(6, (i) => `t${i}: totals { views }`)} } } } } }`,
    'a fragment that is used often': () =>
      `{ site(siteId: "${siteId}") { ${times(21, (i) => `r${i}: report(range: ${day}) { ...Five }`)} } }
       fragment Five on Report { ${times(5, (i) => `t${i}: totals { views }`)} }`,
  }
  for (const [what, query] of Object.entries(tooMuch)) {
    test(`${what} are refused before the first query`, async () => {
      const { status, data, errors } = await ask(apiWith(), query())
      assert.deepEqual([status, data, errors[0]?.extensions.code], [400, undefined, 'QUERY_TOO_COMPLEX'])
      assert.deepEqual([queries, callers], [[], []])
    })
  }

  test('99 totals of a site are within the limit, and 100 with the site itself are not', async () => {
    const asking = askedFor(99)
    const answer = ask(apiWith(), reportOf(times(99, (i) => `t${i}: totals { views }`)))
    await asking
    for (const { reject } of answers) reject(new ApiError('UNAVAILABLE', 'enough'))
    assert.equal((await answer).errors[0]?.message, 'enough')
    const { errors } = await ask(apiWith(), reportOf(times(100, (i) => `t${i}: totals { views }`)))
    assert.match(errors[0]?.message ?? '', /may cost 1001;/)
  })

  test('the cost includes the size of a page from a variable', async () => {
    const query = `query ($first: Int) { sites(first: $first) { edges { node { report(range: ${day}) { totals { views } visitors } } } } }`
    const refused = await ask(apiWith(), query, { variables: { first: 51 } })
    assert.deepEqual([refused.status, refused.errors[0]?.extensions.code], [400, 'QUERY_TOO_COMPLEX'])
    assert.deepEqual(queries, [])
  })

  test('the cost is that of the executed operation of a document', async () => {
    const query = `query dear ${reportOf(times(101, (i) => `t${i}: totals { views }`))} query cheap { __typename }`
    const run = async (operationName: string) =>
      readAnswer(
        await apiWith().fetch('http://api.test/graphql', {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer reader' },
          body: JSON.stringify({ query, operationName }),
        }),
      )
    assert.deepEqual((await run('cheap')).data, { __typename: 'Query' })
    assert.equal((await run('dear')).errors[0]?.extensions.code, 'QUERY_TOO_COMPLEX')
  })

  test('a refused query cancels all others of its request, and its reason is the only one in the response', async () => {
    const answer = ask(
      apiWith(),
      reportOf(
        `${times(20, (i) => `t${i}: totals { views }`)} series(interval: DAY, timeZone: "Mars/Olympus") { start }`,
      ),
    )
    const { status, errors } = await answer
    assert.deepEqual([status, errors.length, errors[0]?.extensions.code], [400, 1, 'BAD_USER_INPUT'])
    assert.match(errors[0]?.message ?? '', /Mars/)
    assert.equal(queries.length, 20)
    assert.deepEqual(
      callers.map(({ signal }) => signal?.aborted),
      [true],
    )
  })

  test('an unexpected error fails its own field alone', async () => {
    const log = mock.method(console, 'error', () => {})
    const asking = askedFor(2)
    const answer = ask(apiWith(), reportOf('a: totals { views } b: totals { views }'))
    await asking
    answers[0]?.reject(new Error('no'))
    await new Promise(setImmediate)
    assert.equal(callers[0]?.signal?.aborted, false)
    answers[1]?.reject(new Error('no'))
    assert.equal((await answer).errors[0]?.extensions.code, 'INTERNAL_SERVER_ERROR')
    log.mock.restore()
  })

  test('a request that takes too long is refused, and its queries are cancelled', async () => {
    const { status, errors, headers } = await ask(
      apiWith(50),
      reportOf('a: totals { views } b: totals { views }'),
    )
    assert.deepEqual([status, errors.length, errors[0]?.extensions.code], [503, 1, 'UNAVAILABLE'])
    assert.equal(headers.get('retry-after'), '5')
    assert.equal(callers[0]?.signal?.aborted, true)
  })

  test('a store with a full queue is unavailable for a moment', async () => {
    const asking = askedFor(2)
    const answer = ask(apiWith(), reportOf('a: totals { views } b: totals { views }'))
    await asking
    answers[0]?.reject(new StoreError('busy', 'too many queries wait'))
    const { status, errors, headers } = await answer
    assert.deepEqual([status, errors.length, errors[0]?.extensions.code], [503, 1, 'UNAVAILABLE'])
    assert.equal(headers.get('retry-after'), '5')
    assert.equal(callers[0]?.signal?.aborted, true)
  })

  test('a client that disconnects cancels the queries of its request', async () => {
    const api = createApi(optionsWith())
    const server = createServer((request, response) => {
      const sender = senderOf('reader')
      Promise.resolve(api(request, response, { sender })).catch((error: unknown) =>
        response.destroy(error as Error),
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const asking = askedFor(3)
      const client = httpRequest({
        port: (server.address() as AddressInfo).port,
        host: '127.0.0.1',
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      client.on('error', () => undefined)
      client.end(JSON.stringify({ query: reportOf(times(3, (i) => `t${i}: totals { views }`)) }))
      await asking
      const signal = callers[0]?.signal
      assert.equal(signal?.aborted, false)
      const aborted = once(signal ?? AbortSignal.abort(), 'abort')
      client.destroy()
      await aborted
      await Promise.allSettled(answers.map(({ promise }) => promise))
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('each request is a caller of its own', async () => {
    await Promise.all([1, 2].map(() => ask(apiWith(), reportOf('visitors'))))
    assert.equal(new Set(callers.map(({ caller }) => caller)).size, 2)
  })
})
