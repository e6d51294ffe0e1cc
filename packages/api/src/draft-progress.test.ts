import assert from 'node:assert/strict'
import { after, before, mock, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import type { DraftChange, DraftRefusal } from '@peerpress/registry'
import { getNamedType, isObjectType } from 'graphql'
import { openTestApi, senderOf, type TestApi } from './api.testing.ts'
import { type Api, type ApiOptions, createApi } from './create-api.ts'
import { makeAccount } from './foreign-sites/people.testing.ts'
import { CostBudget } from './limits/cost-budget.ts'
import { addMembersSite } from './members.testing.ts'
import { schema } from './schema/schema.ts'
import { openStream } from './streams/event-stream.testing.ts'

const operator: Principal = { kind: 'administrator', account: null }
const client = { network: '192.0.2.0/24', session: null, browser: null }
const query = `subscription ($ids: [ID!]!) { draftProgress(ids: $ids) {
  draftId status characters sections expectedSections tokens latestClaim gates expectedGates
  refusals { code reason } problem
} }`

suite('the progress of drafts as a stream', { timeout: 120_000 }, () => {
  let opened: TestApi
  let sites = 0
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const apiWith = (options: Partial<ApiOptions> = {}): Api =>
    createApi({ ...opened.sources, progressInterval: 5, ...options })
  /** A site with a draft that waits, and what changes it as the work on drafts does. */
  const addDraft = async () => {
    const { id: site, as, withScopes } = await addMembersSite(opened, `progress-${++sites}`)
    const request = { site, brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const add = async () => {
      const { id } = await opened.registry.drafts.request(request)
      const change = (given: Partial<DraftChange>) =>
        opened.registry.drafts.change(id, { from: ['queued', 'writing'], to: 'writing', ...given })
      return { id, globalId: idOf(`Draft:${site}/${id}`), change }
    }
    return { site, as, withScopes, add, ...(await add()) }
  }
  const subscribe = (ids: readonly string[], from: Parameters<typeof openStream>[2], api = apiWith()) =>
    openStream(api, { query, variables: { ids } }, from)
  const codeOf = async (stream: ReturnType<typeof subscribe>) => {
    const answer = await stream
    const event = await answer.next()
    return [answer.status, event?.errors?.[0]?.extensions.code]
  }

  test('it has the state at once and each change, and ends with the draft', async () => {
    const { registry } = opened
    const { site, id, globalId, change, as } = await addDraft()
    const stream = await subscribe([globalId], as('viewer'))
    assert.equal(stream.status, 200)
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
    // Neither a proxy nor compression may collect events.
    assert.equal(stream.headers.get('cache-control'), 'no-store, no-transform')
    assert.equal(stream.headers.get('content-encoding'), null)
    assert.equal(stream.headers.get('x-accel-buffering'), 'no')
    const progressOf = async () => (await stream.next())?.data.draftProgress
    assert.deepEqual(await progressOf(), {
      draftId: globalId,
      status: 'QUEUED',
      characters: 0,
      sections: 0,
      expectedSections: null,
      tokens: 0,
      latestClaim: null,
      gates: 0,
      expectedGates: 9,
      refusals: [],
      problem: null,
    })
    await registry.models.set(modelOf(site), 'operator')
    const call = await registry.models.reserve({ site, draft: id, input: 900, output: 100 })
    const progress = { characters: 70, sections: 1, expectedSections: 3, claim: 'It rises.', gates: 0 }
    await change({ progress, error: 'A pause.' })
    const { characters, sections, expectedSections, tokens, latestClaim, problem, status } = await lastOf(
      progressOf,
      ({ characters: sent }) => sent === 70,
    )
    assert.deepEqual(
      [status, characters, sections, expectedSections, tokens, latestClaim, problem],
      ['WRITING', 70, 1, 3, 1000, 'It rises.', 'A pause.'],
    )
    await registry.models.settle(call, { input: 500, output: 60 })
    assert.equal((await progressOf()).tokens, 560)
    const refusals = [{ section: 0, claim: 0, code: 'number', reason: '7 is not there.' }] as const
    await change({ progress: { ...progress, gates: 2 }, refusals, error: null })
    const gated = await progressOf()
    assert.deepEqual(
      [gated.status, gated.gates, gated.refusals],
      ['WRITING', 2, [{ code: 'NUMBER', reason: '7 is not there.' }]],
    )
    await change({ to: 'refused', refusals })
    assert.equal((await progressOf()).status, 'REFUSED')
    assert.equal(await stream.next(), null)
  })

  test('one stream is of several drafts, and ends with the last; removed ones end as well', async () => {
    const one = await addDraft()
    const [two, done] = [await one.add(), await one.add()]
    await done.change({ to: 'passed' })
    const other = await addDraft()
    const ids = [one.globalId, two.globalId, done.globalId, one.globalId, other.globalId]
    const stream = await subscribe(ids, operator)
    const statuses = new Map<string, string>()
    for (let count = 0; count < 4; count++) {
      const { draftId, status } = (await stream.next())?.data.draftProgress ?? {}
      statuses.set(draftId, status)
    }
    assert.deepEqual(
      statuses,
      new Map([
        [one.globalId, 'QUEUED'],
        [two.globalId, 'QUEUED'],
        [done.globalId, 'PASSED'],
        [other.globalId, 'QUEUED'],
      ]),
    )
    await opened.registry.drafts.cancel(two.id)
    const cancelled = (await stream.next())?.data.draftProgress
    assert.deepEqual([cancelled.draftId, cancelled.status], [two.globalId, 'CANCELLED'])
    await opened.registry.sites.remove(other.site)
    await one.change({ to: 'failed', error: 'The budget is used.' })
    const [failed, ...more] = await stream.rest()
    assert.deepEqual([failed?.data.draftProgress.problem, more], ['The budget is used.', []])
  })

  test('it is for members of the sites, and shows nobody else whether a draft exists', async () => {
    const { globalId, site, as, withScopes } = await addDraft()
    const foreign = await addDraft()
    const stranger = foreign.as('owner')
    for (const member of [as('owner'), as('editor'), as('viewer'), withScopes('report.read')]) {
      const stream = await subscribe([globalId], member)
      assert.equal((await stream.next())?.data.draftProgress.status, 'QUEUED')
      stream.close()
    }
    const missing = [400, 'BAD_USER_INPUT']
    const unknown = idOf(`Draft:${site}/zzzzzzzzzzzzzzzz`)
    assert.deepEqual(await codeOf(subscribe([globalId], stranger)), missing)
    assert.deepEqual(await codeOf(subscribe([foreign.globalId, globalId], stranger)), missing)
    assert.deepEqual(await codeOf(subscribe([globalId], withScopes('seed'))), missing)
    assert.deepEqual(await codeOf(subscribe([globalId, unknown], operator)), missing)
    assert.deepEqual(await codeOf(subscribe([globalId], { kind: 'reader' })), [403, 'FORBIDDEN'])
    assert.deepEqual(await codeOf(subscribe([globalId], { kind: 'nobody' })), [401, 'UNAUTHENTICATED'])
  })

  test('ids that cannot be those of drafts are refused', async () => {
    const { globalId, site } = await addDraft()
    const log = mock.method(console, 'error', () => undefined)
    for (const ids of [
      [],
      Array.from({ length: 21 }, () => globalId).map((id, i) => `${id}${i}`),
      ['\0'],
      ['no'],
      [idOf(`Site:${site}`)],
      [idOf(`Draft:${site}`)],
      [idOf('Draft:/')],
      [idOf(`Draft:${'x'.repeat(10_000)}`)],
    ]) {
      assert.deepEqual(
        await codeOf(subscribe(ids, operator)),
        [400, 'BAD_USER_INPUT'],
        ids.join().slice(0, 60),
      )
    }
    assert.equal(log.mock.callCount(), 0)
    log.mock.restore()
  })

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
    const email = `person-${sites}@progress.test`
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

  test('a slow reader gets the latest state, and nothing piles up', async () => {
    const { globalId, change } = await addDraft()
    const stream = await subscribe([globalId], operator)
    await stream.next()
    const long = (characters: number): DraftRefusal[] => [
      { section: 0, claim: 0, code: 'number', reason: `${characters}`.repeat(8000) },
    ]
    const witness = await subscribe([globalId], operator)
    await witness.next()
    for (let sent = 1; sent <= 60; sent++) {
      const progress = { characters: sent, sections: 0, expectedSections: null, claim: null, gates: 0 }
      await change({ progress, refusals: long(sent) })
      // Another reader, which is not slow, has each change before the next.
      assert.equal((await witness.next())?.data.draftProgress.characters, sent)
    }
    await change({ to: 'refused' })
    const events = await stream.rest()
    assert.ok(events.length <= 10, `${events.length} events waited`)
    const { status, characters } = events.at(-1)?.data.draftProgress ?? {}
    assert.deepEqual([status, characters], ['REFUSED', 60])
    await witness.rest()
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

  test('a server reads the drafts of all its streams together, and none without a stream', async () => {
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
    const { length } = read
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.equal(read.length, length)
  })
})

test('an event reads no record and no report: a stream has no run of a request', () => {
  const seen = new Set<string>()
  const enter = (name: string): void => {
    const type = schema.getType(name)
    if (seen.has(name) || !isObjectType(type)) return
    seen.add(name)
    for (const field of Object.values(type.getFields())) enter(getNamedType(field.type).name)
  }
  enter('Subscription')
  assert.deepEqual([...seen].toSorted(), ['DraftProgress', 'DraftRefusal', 'Subscription'])
})

function idOf(text: string): string {
  return Buffer.from(text).toString('base64')
}

interface Progress {
  readonly status: string
  readonly characters: number
  readonly sections: number
  readonly expectedSections: number | null
  readonly tokens: number
  readonly latestClaim: string | null
  readonly problem: string | null
}

/** Reads on to an event: two changes may be one event or two. */
async function lastOf(
  next: () => Promise<Progress>,
  isLast: (progress: Progress) => boolean,
): Promise<Progress> {
  for (;;) {
    const progress = await next()
    if (isLast(progress)) return progress
  }
}

function modelOf(site: string) {
  return {
    site,
    kind: 'endpoint',
    baseUrl: 'https://models.example/v1',
    name: 'small',
    allowPrivateAddresses: false,
    prices: null,
    budget: 1_000_000,
    maxOutputTokens: 2000,
  } as const
}
