import assert from 'node:assert/strict'
import { after, before, mock, suite, test } from 'node:test'
import { openTestApi, operator, senderOf, type TestApi } from '../api.testing.ts'
import { makeAccount } from '../foreign-sites/people.testing.ts'
import { CostBudget } from '../limits/cost-budget.ts'
import { draftStreams, query } from './draft-streams.testing.ts'
import { openStream } from './event-stream.testing.ts'

const client = { network: '192.0.2.0/24', session: null, browser: null }

suite('the streams of an API', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const { apiWith, addDraft, subscribe, codeOf } = draftStreams(() => opened)

  test('a client that takes no events is refused, and so is more than a minute may cost', async () => {
    const { globalId } = await addDraft()
    const api = apiWith({ budget: new CostBudget(25) })
    const open = (accept: string) =>
      openStream(api, { query, variables: { ids: [globalId] } }, operator, accept)
    const refused = await api.fetch(
      'http://api.test/graphql',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables: { ids: [globalId] } }),
      },
      { sender: senderOf(operator) },
    )
    const { errors } = (await refused.json()) as {
      readonly errors: readonly { readonly extensions: object }[]
    }
    assert.deepEqual([refused.status, errors[0]?.extensions], [406, { code: 'NOT_ACCEPTABLE' }])
    for (const accept of ['*/*', 'text/event-stream, application/json']) {
      const stream = await open(accept)
      assert.equal((await stream.next())?.data.draftProgress.status, 'QUEUED')
      stream.close()
    }
    assert.deepEqual(await codeOf(open('text/event-stream')), [429, 'RATE_LIMITED'])
  })

  test('it ends when the session ends, the token is revoked or the role is taken away', async () => {
    const { registry, accounts } = opened
    const { credentials, signIn, tokens } = accounts
    const api = apiWith({ streams: { recheck: 10 } })
    const { globalId, site } = await addDraft()
    const senderOfRequest = async (request: Parameters<typeof credentials.principalOf>[0]) => {
      const renew = () => credentials.principalOf(request)
      return { ...senderOf(await renew()), renew }
    }
    const email = 'person@progress.test'
    await makeAccount(opened, email, { site, role: 'editor' })
    const signedIn = async () => {
      const { token } = await signIn.signIn({ email, password: 'correct horse battery' }, client)
      return senderOfRequest({ authorization: undefined, session: token })
    }
    const expect = async (
      sender: Awaited<ReturnType<typeof signedIn>>,
      end: () => Promise<unknown>,
      code: string,
    ) => {
      const stream = await subscribe([globalId], sender, api)
      assert.equal((await stream.next())?.data.draftProgress.status, 'QUEUED')
      await end()
      const [event, ...more] = await stream.rest()
      assert.deepEqual([event?.errors?.[0]?.extensions.code, more], [code, []])
    }
    const account = (await registry.accounts.byEmail(email))?.account
    assert.ok(account)
    await expect(await signedIn(), () => registry.sessions.endAll(account.id, 'operator'), 'UNAUTHENTICATED')
    const expiresAt = new Date(Date.now() + 86_400_000)
    const input = { name: 'p', sites: [site], scopes: ['report.read'], expiresAt } as const
    const { secret, token } = await tokens.issue(input, operator)
    const byToken = await senderOfRequest({ authorization: `Bearer ${secret}`, session: null })
    await expect(byToken, () => registry.apiTokens.revoke(token.id, 'operator'), 'UNAUTHENTICATED')
    const remove = () => registry.memberships.remove({ site, account: account.id }, 'operator')
    await expect(await signedIn(), remove, 'FORBIDDEN')
  })

  test('the number of streams is limited, each principal’s and all together; an ended one makes room', async () => {
    const api = apiWith({ streams: { perPrincipal: 2, total: 3 } })
    const { globalId, as } = await addDraft()
    const [first, second] = [
      await subscribe([globalId], as('owner'), api),
      await subscribe([globalId], as('owner'), api),
    ]
    await Promise.all([first.next(), second.next()])
    const third = await subscribe([globalId], as('owner'), api)
    assert.deepEqual([third.status, third.headers.get('retry-after')], [429, '30'])
    const other = await subscribe([globalId], as('editor'), api)
    await other.next()
    assert.deepEqual(await codeOf(subscribe([globalId], as('viewer'), api)), [503, 'UNAVAILABLE'])
    first.close()
    // A client that goes before it reads anything makes room as well.
    const unread = await subscribe([globalId], as('owner'), api)
    assert.equal(unread.status, 200)
    unread.close()
    assert.equal((await subscribe([globalId], as('owner'), api)).status, 200)
    await api.dispose()
  })

  test('it ends after its lifetime, so that a connection that nobody has is not kept', async () => {
    const { globalId } = await addDraft()
    const stream = await subscribe([globalId], operator, apiWith({ streams: { lifetime: 20 } }))
    assert.deepEqual(
      (await stream.rest()).map((event) => event.data?.draftProgress.status),
      ['QUEUED'],
    )
  })

  test('a server that stops ends its streams, says so, and opens no more', async () => {
    const api = apiWith()
    const { globalId } = await addDraft()
    const stream = await subscribe([globalId], operator, api)
    await stream.next()
    await api.dispose()
    const [event, ...more] = await stream.rest()
    assert.deepEqual([event?.errors?.[0]?.extensions.code, more], ['UNAVAILABLE', []])
    assert.match(event?.errors?.[0]?.message ?? '', /Open the stream again/)
  })

  test('a registry that does not answer ends it, and is reported once', async () => {
    const { drafts } = opened.registry
    const { globalId, as } = await addDraft()
    let isDown = false
    const states = async (ids: readonly string[]) => {
      if (isDown) throw new Error('no connection')
      return drafts.states(ids)
    }
    const registry = { ...opened.registry, drafts: { ...drafts, states } }
    const api = apiWith({ registry })
    const streams = [
      await subscribe([globalId], operator, api),
      await subscribe([globalId], as('owner'), api),
    ]
    for (const stream of streams) await stream.next()
    const log = mock.method(console, 'error', () => undefined)
    isDown = true
    for (const stream of streams) {
      const [event, ...more] = await stream.rest()
      assert.deepEqual([event?.errors?.[0]?.extensions.code, more], ['UNAVAILABLE', []])
      assert.doesNotMatch(JSON.stringify(event), /no connection/)
    }
    assert.equal(log.mock.callCount(), 1)
    log.mock.restore()
  })

  test('a server reads the drafts of all its streams together', async () => {
    const { drafts } = opened.registry
    const { globalId, change, as } = await addDraft()
    const read: number[] = []
    const states = async (ids: readonly string[]) => {
      read.push(ids.length)
      return drafts.states(ids)
    }
    const api = apiWith({ registry: { ...opened.registry, drafts: { ...drafts, states } } })
    const viewers = [operator, as('owner'), as('editor')]
    const streams = await Promise.all(viewers.map((viewer) => subscribe([globalId], viewer, api)))
    for (const stream of streams) await stream.next()
    await change({ to: 'passed' })
    for (const stream of streams) assert.equal((await stream.rest()).length, 1)
    assert.deepEqual(new Set(read), new Set([1]))
  })
})
