import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { createAdvising } from '@peerpress/editorial'
import { ask, openTestApi, sendingApi, type TestApi } from './api.testing.ts'
import { addMembersSite, assertCode, assertReason, mutate as mutateOf } from './members.testing.ts'

const operator: Principal = { kind: 'administrator', account: null }
const reader: Principal = { kind: 'reader' }
const day = 86_400_000

suite('advice and trials in the graph', { timeout: 120_000 }, () => {
  let opened: TestApi
  let sites = 0
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  /** A site whose pages share one title and have no description, and one page without advice. */
  const addSite = async (pages = 4) => {
    const name = `trials-${++sites}`
    const site = await addMembersSite(opened, name)
    const posts = Array.from({ length: pages }, (_, index) => String(21 + index))
    for (const post of [...posts, '99']) {
      const own = post === '99' ? { title: 'Another title', description: 'A description of its own.' } : {}
      const content = {
        title: 'A shared title',
        description: null,
        headline: `Headline ${post}`,
        language: 'en',
        sections: [
          { heading: null, text: `Rye bread ${post} rests for a night in the cold before it is baked.` },
        ],
        ...own,
      }
      const url = `https://${name}.test/${post}/`
      await opened.registry.pageTexts.record({ site: site.id, post, version: 1, url, failure: null, content })
    }
    return { ...site, posts }
  }
  const mutate = (name: string, input: object, viewer: Principal, fields = trialFields) =>
    mutateOf(opened, name, { input, fields, viewer })
  const start = (siteId: string, posts: readonly string[], viewer: Principal, given: object = {}) => {
    const approvedTexts = posts.map((postId) => ({ postId, text: `Approved for ${postId}` }))
    return mutate(
      'pageTrialStart',
      { siteId, advice: 'DESCRIPTION_MISSING', approvedTexts, ...given },
      viewer,
    )
  }
  const advice = (siteId: string, args: string, viewer: Principal) =>
    ask(
      opened.api,
      `{ site(siteId: "${siteId}") { advice${args} { edges { cursor node { kind postId url title description pixels maxPixels sameAs proposal } } pageInfo { hasNextPage } } } }`,
      { viewer },
    )
  const changesOf = async (id: string, viewer: Principal) => {
    const text = `query ($id: ID!) { node(id: $id) { ... on PageTrial { effect { readyAt searchVisits { isEnough } } changes(first: 100) { edges { node { postId isChangedHalf status title description seenTitle place provenAt } } } } } }`
    const { data } = await ask(opened.api, text, { variables: { id }, viewer })
    return data.node
  }

  test('members read advice page by page; a reader of public reports does not', async () => {
    const { id, as, withScopes } = await addSite()
    const { data } = await advice(id, '(first: 100)', as('viewer'))
    const kinds = data.site.advice.edges.map(({ node }: { node: { kind: string } }) => node.kind)
    assert.deepEqual(new Set(kinds), new Set(['TITLE_DUPLICATE', 'DESCRIPTION_MISSING']))
    assert.equal(kinds.length, 8)
    const first = await advice(id, '(first: 3, only: TITLE_DUPLICATE)', withScopes('report.read'))
    const { edges, pageInfo } = first.data.site.advice
    assert.deepEqual([edges.length, pageInfo.hasNextPage], [3, true])
    const { proposal, pixels, maxPixels, sameAs, ...shown } = edges[0].node
    assert.deepEqual(
      [shown.kind, shown.title, shown.description, sameAs.length, proposal],
      ['TITLE_DUPLICATE', 'A shared title', null, 3, `Headline ${shown.postId}`],
    )
    assert.ok(pixels > 0 && pixels < maxPixels)
    const rest = await advice(
      id,
      `(first: 3, only: TITLE_DUPLICATE, after: "${edges[2].cursor}")`,
      as('owner'),
    )
    assert.equal(rest.data.site.advice.edges.length, 1)
    assertCode(await advice(id, '', reader), 'FORBIDDEN')
    for (const args of ['(first: 0)', '(first: 101)', '(after: "no cursor")']) {
      assertReason(await advice(id, args, as('owner')), /1 to 100|cursor/)
    }
    assert.equal((await advice(id, '(only: HEADINGS)', as('owner'))).status, 400)
  })

  test('an editor, or a token that may publish, starts, ends and rolls back; nobody below them does', async () => {
    const { id, posts, as, withScopes } = await addSite()
    for (const viewer of [as('viewer'), withScopes('report.read', 'measurement.export'), reader]) {
      assertCode(await start(id, posts, viewer), 'FORBIDDEN')
    }
    const { data } = await start(id, posts, as('editor'))
    const { trial } = data.pageTrialStart
    assert.deepEqual(
      [trial.kind, trial.startedBy, trial.endedAt, trial.rolledBackAt],
      ['DESCRIPTION_MISSING', 'The editor', null, null],
    )
    const { edges } = (await changesOf(trial.id, as('viewer'))).changes
    const changed = edges.filter(({ node }: { node: { isChangedHalf: boolean } }) => node.isChangedHalf)
    assert.deepEqual([edges.length, changed.length], [4, 2])
    for (const { node } of edges) {
      assert.equal(node.status, node.isChangedHalf ? 'QUEUED' : 'WAITING')
      assert.deepEqual(
        [node.title, node.description, node.seenTitle],
        [null, `Approved for ${node.postId}`, 'A shared title'],
      )
    }
    // Pages of an open trial get no more advice.
    assert.deepEqual((await advice(id, '', as('editor'))).data.site.advice.edges, [])
    const { trialId } = trial
    for (const viewer of [as('viewer'), withScopes('report.read'), reader]) {
      assertCode(await mutate('pageTrialEnd', { trialId }, viewer), 'FORBIDDEN')
      assertCode(await mutate('pageTrialRollBack', { trialId }, viewer), 'FORBIDDEN')
    }
    const publisher = withScopes('report.read', 'post.publish')
    const ended = await mutate('pageTrialEnd', { trialId }, publisher)
    assert.notEqual(ended.data.pageTrialEnd.trial.endedAt, null)
    assertReason(await mutate('pageTrialEnd', { trialId }, as('owner')), /has ended already/)
    const rolledBack = await mutate('pageTrialRollBack', { trialId }, publisher)
    assert.equal(rolledBack.data.pageTrialRollBack.trial.rolledBackBy, 'robot')
    assertReason(await mutate('pageTrialRollBack', { trialId }, as('owner')), /was rolled back already/)
    // What was rolled back is not advised again, and other advice on the same pages is.
    const left = await advice(id, '', as('viewer'))
    const kinds = left.data.site.advice.edges.map(({ node }: { node: { kind: string } }) => node.kind)
    assert.deepEqual(new Set(kinds), new Set(['TITLE_DUPLICATE']))
    const list = `{ site(siteId: "${id}") { pageTrials(first: 5) { edges { node { trialId startedBy } } } } }`
    const { data: listed } = await ask(opened.api, list, { viewer: as('viewer') })
    assert.deepEqual(listed.site.pageTrials.edges, [{ node: { trialId, startedBy: 'The editor' } }])
    assertCode(await ask(opened.api, list, { viewer: reader }), 'FORBIDDEN')
  })

  test('somebody of another site learns nothing of a trial', async () => {
    const { id, posts } = await addSite()
    const stranger = (await addSite()).as('owner')
    assertReason(await start(id, posts, stranger), /There is no such site/)
    const { trialId, id: node } = (await start(id, posts, operator)).data.pageTrialStart.trial
    const refusals = await Promise.all(
      [trialId, 'a'.repeat(16)].map((each) => mutate('pageTrialRollBack', { trialId: each }, stranger)),
    )
    for (const refusal of refusals) assertReason(refusal, /There is no such trial/)
    assert.equal(await changesOf(node, stranger), null)
    assert.equal((await opened.registry.pageTrials.get(trialId))?.rolledBackAt, null)
  })

  test('what cannot be tried is refused with the reason, and nothing begins', async () => {
    const { id, posts, as } = await addSite()
    const [one = '', other = ''] = posts
    const pair = (text: string) => [one, other].map((postId) => ({ postId, text }))
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ approvedTexts: [] }, /two pages or more/],
      [{ approvedTexts: [{ postId: one, text: 'x' }] }, /two pages or more/],
      [{ approvedTexts: ['x', 'y'].map((text) => ({ postId: one, text })) }, /named twice/],
      [
        { approvedTexts: Array.from({ length: 501 }, (_, n) => ({ postId: String(n), text: 'x' })) },
        /at most 500/,
      ],
      [{ approvedTexts: pair('') }, /one line of 1 to 1000/],
      [{ approvedTexts: pair('   ') }, /one line of 1 to 1000/],
      [{ approvedTexts: pair('x'.repeat(1001)) }, /one line of 1 to 1000/],
      [{ approvedTexts: pair('two\nlines') }, /one line of 1 to 1000/],
      [{ approvedTexts: pair('<b>bold</b>') }, /without markup/],
      [{ approvedTexts: pair('nothing\0') }, /without markup|U\+0000/],
      [
        { approvedTexts: [...pair('x').slice(1), { postId: '99', text: 'x' }] },
        /post 99 needs no such change/,
      ],
      [{ approvedTexts: [...pair('x').slice(1), { postId: '../1', text: 'x' }] }, /needs no such change/],
      [{ advice: 'TITLE_MISSING', approvedTexts: pair('x') }, /needs no such change/],
      [{ siteId: 'zzzzzzzzzzzzzzzz' }, /There is no such site/],
      [{ siteId: '' }, /There is no such site/],
    ]
    for (const [given, reason] of cases) {
      const answer = await start(id, posts, as('editor'), given)
      assertReason(answer, reason)
      assert.ok((answer.errors[0]?.message.length ?? 0) < 300)
    }
    const long = [...pair('x').slice(1), { postId: '9'.repeat(5000), text: 'x' }]
    const { errors } = await start(id, posts, as('editor'), { approvedTexts: long })
    assert.match(errors[0]?.message ?? '', /needs no such change/)
    assert.ok((errors[0]?.message.length ?? 0) < 300)
    for (const trialId of ['', 'x', '../..', 'a'.repeat(16), 'ä'.repeat(500)]) {
      for (const name of ['pageTrialEnd', 'pageTrialRollBack']) {
        assertReason(await mutate(name, { trialId }, as('editor')), /There is no such trial/)
      }
    }
    assert.deepEqual(await opened.registry.pageTrials.list(id), [])
  })

  test('of two people who start or roll back at once, one does', async () => {
    const { id, posts, as } = await addSite()
    const both = [as('editor'), as('owner')] as const
    const started = await Promise.all(both.map((viewer) => start(id, posts, viewer)))
    const refused = started.find(({ errors }) => errors.length > 0)
    assert.ok(refused)
    assertReason(refused, /is in an open trial: end that one first/)
    const [trial, ...others] = await opened.registry.pageTrials.list(id)
    assert.deepEqual(others, [])
    const trialId = trial?.id ?? ''
    const undone = await Promise.all(both.map((viewer) => mutate('pageTrialRollBack', { trialId }, viewer)))
    assert.deepEqual(new Set(undone.map(({ status }) => status)), new Set([200, 400]))
    const winner = undone.findIndex(({ status }) => status === 200) === 0 ? 'The editor' : 'The owner'
    assert.equal((await opened.registry.pageTrials.get(trialId))?.rolledBackBy, winner)
  })

  test('a trial begins by the global id of a site, too', async () => {
    const { id, posts, as } = await addSite()
    const { data } = await ask(opened.api, `{ site(siteId: "${id}") { id } }`)
    const started = await start(data.site.id, posts, as('editor'))
    assert.deepEqual(started.errors, [])
    assert.equal((await opened.registry.pageTrials.list(id)).length, 1)
  })

  test('an effect is shown after four weeks, and says if there are not enough pages', async () => {
    const { registry, store } = opened
    const { id, posts, as } = await addSite()
    const { trialId, id: node } = (await start(id, posts, as('editor'))).data.pageTrialStart.trial
    assert.equal((await changesOf(node, as('viewer'))).effect.readyAt, null)
    for (const change of await registry.pageTrials.changes(trialId)) {
      if (!change.isChangedHalf) continue
      const written = { place: 'yoast', before: { title: null, description: null } }
      await registry.pageTrials.record(change.id, { from: ['queued'], to: 'written', ...written })
      await registry.pageTrials.record(change.id, { from: ['written'], to: 'proven', error: null })
    }
    const early = await changesOf(node, as('viewer'))
    assert.equal(early.effect.searchVisits, null)
    assert.ok(Date.parse(early.effect.readyAt) > Date.now() + 27 * day)
    assert.deepEqual(
      early.changes.edges
        .slice(0, 2)
        .map((edge: { node: { status: string; place: string } }) => [edge.node.status, edge.node.place]),
      [
        ['PROVEN', 'yoast'],
        ['PROVEN', 'yoast'],
      ],
    )
    const later = createAdvising({ registry, store, now: () => Date.now() + 40 * day })
    const api = sendingApi({ ...opened.sources, advising: later })
    const text = `query ($id: ID!) { node(id: $id) { ... on PageTrial { effect { searchVisits { isEnough lacks effect low high changedPages waitingPages } } } } }`
    const { data } = await ask(api, text, { variables: { id: node }, viewer: as('viewer') })
    assert.deepEqual(data.node.effect.searchVisits, {
      isEnough: false,
      lacks: 'PAGES',
      effect: null,
      low: null,
      high: null,
      changedPages: 0,
      waitingPages: 0,
    })
  })
})

const trialFields = 'trial { id trialId kind startedBy endedAt rolledBackAt rolledBackBy effect { readyAt } }'
