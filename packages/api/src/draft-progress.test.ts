import assert from 'node:assert/strict'
import { after, before, mock, suite, test } from 'node:test'
import type { DraftRefusal } from '@peerpress/registry'
import { getNamedType, isObjectType } from 'graphql'
import { openTestApi, operator, type TestApi } from './api.testing.ts'
import { schema } from './schema/schema.ts'
import { draftStreams, idOf } from './streams/draft-streams.testing.ts'

suite('the progress of drafts as a stream', { timeout: 120_000 }, () => {
  let opened: TestApi
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  const { addDraft, subscribe, codeOf } = draftStreams(() => opened)

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
