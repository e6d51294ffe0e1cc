import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { type Answer, ask, openTestApi, type TestApi } from './api.testing.ts'
import { addMembersSite, assertCode, assertReason, mutate as mutateOf } from './members.testing.ts'

const operator: Principal = { kind: 'administrator', account: null }

suite('models and drafts in the graph', { timeout: 120_000 }, () => {
  let opened: TestApi
  let sites = 0
  before(async () => {
    opened = await openTestApi()
  })
  after(() => opened.close())

  /** A site with one brief, and a member of each role. */
  const addSite = async () => {
    const { id, as, withScopes } = await addMembersSite(opened, `drafts-${++sites}`)
    await opened.registry.briefs.record(id, '2026-03-06', [brief])
    const { data } = await ask(
      opened.api,
      `{ site(siteId: "${id}") { briefs(first: 1) { edges { node { id } } } } }`,
    )
    const briefId: string = data.site.briefs.edges[0].node.id
    return { id, briefId, as, publisher: withScopes('report.read', 'post.publish') }
  }
  const mutate = (name: string, input: object, given: { fields: string; viewer: Principal }) =>
    mutateOf(opened, name, { input, ...given })
  const setModel = (siteId: string, given: object = {}, viewer: Principal = operator) =>
    mutate(
      'modelSet',
      { siteId, model: { ...endpoint, ...given } },
      { fields: 'model { name kind hasKey budget inputPrice currency maxOutputTokens }', viewer },
    )
  const request = (briefId: string, viewer: Principal, given: object = {}) =>
    mutate('draftRequest', { briefId, ...given }, { fields: 'draft { id status language region }', viewer })
  const withDraft = (name: string, draftId: string, viewer: Principal) =>
    mutate(name, { draftId }, { fields: 'draft { status approvedBy }', viewer })

  test('an owner sets and removes the model, and nobody below an owner does or sees it', async () => {
    const { id, as, publisher } = await addSite()
    const { data } = await setModel(id, { key: 'sk-of-the-test' }, as('owner'))
    assert.deepEqual(data.modelSet.model, {
      name: 'small',
      kind: 'ENDPOINT',
      hasKey: true,
      budget: 12.5,
      inputPrice: 0.5,
      currency: 'EUR',
      maxOutputTokens: 4096,
    })
    for (const viewer of [as('editor'), as('viewer'), publisher]) {
      assertCode(await setModel(id, {}, viewer), 'FORBIDDEN')
      assertCode(await mutate('modelRemove', { siteId: id }, { fields: 'wasThere', viewer }), 'FORBIDDEN')
      assertCode(
        await ask(opened.api, `{ site(siteId: "${id}") { model { name } } }`, { viewer }),
        'FORBIDDEN',
      )
    }
    const removed = await mutate('modelRemove', { siteId: id }, { fields: 'wasThere', viewer: as('owner') })
    assert.equal(removed.data.modelRemove.wasThere, true)
    const again = await mutate('modelRemove', { siteId: id }, { fields: 'wasThere', viewer: as('owner') })
    assert.equal(again.data.modelRemove.wasThere, false)
    const events = `{ site(siteId: "${id}") { auditEventsConnection(first: 2) { edges { node { action subject } } } } }`
    const { data: log } = await ask(opened.api, events, { viewer: as('owner') })
    const actions = log.site.auditEventsConnection.edges.map((edge: { node: object }) => edge.node)
    const subject = 'small at https://models.example/v1'
    assert.deepEqual(actions.map(({ action }: { action: string }) => action).toSorted(), [
      'model.added',
      'model.removed',
    ])
    assert.ok(actions.every((event: { subject: string }) => event.subject === subject))
  })

  test('a private address and a local model are for administrators alone', async () => {
    const { id, as } = await addSite()
    const own = { baseUrl: 'http://192.168.0.7:11434/v1', allowPrivateAddresses: true }
    const local = { kind: 'LOCAL', name: 'model.gguf', baseUrl: null }
    for (const given of [own, local]) {
      assertCode(await setModel(id, given, as('owner')), 'FORBIDDEN')
      assert.equal((await setModel(id, given)).status, 200)
    }
    for (const operation of [
      '{ localModels { files } }',
      'mutation { localModelsInstall { isInstalling } }',
    ]) {
      assertCode(await ask(opened.api, operation, { viewer: as('owner') }), 'FORBIDDEN')
    }
    const may = `{ site(siteId: "${id}") { mayManageModels } }`
    assert.equal((await ask(opened.api, may, { viewer: as('owner') })).data.site.mayManageModels, false)
    assert.equal((await ask(opened.api, may)).data.site.mayManageModels, true)
  })

  test('a model that cannot be right is refused with the reason', async () => {
    const { id, as } = await addSite()
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ baseUrl: 'models.example' }, /The URL is none/],
      [{ baseUrl: 'ftp://models.example/v1' }, /The URL is none/],
      [{ baseUrl: null }, /The URL is none/],
      [{ baseUrl: 'http://models.example/v1' }, /begins with https/],
      [{ baseUrl: 'https://127.0.0.1/v1' }, /private address/],
      [{ baseUrl: 'https://[::1]/v1' }, /private address/],
      [{ baseUrl: 'https://localhost/v1' }, /private address/],
      [{ baseUrl: 'https://models.example/v1?key=1' }, /no query/],
      [{ baseUrl: 'https://user:pass@models.example/v1' }, /The URL is none/],
      [{ name: '  ' }, /1-200 characters/],
      [{ name: 'x'.repeat(201) }, /1-200 characters/],
      [{ key: 'with space' }, /printable/],
      [{ key: 'line\r\nbreak' }, /printable/],
      [{ key: '' }, /printable/],
      [{ inputPrice: null }, /both prices/],
      [{ inputPrice: -1 }, /both prices/],
      [{ outputPrice: 1e9 }, /both prices/],
      [{ currency: 'euros' }, /currency/],
      [{ budget: -1 }, /no amount/],
      [{ budget: 1e300 }, /no amount/],
      [{ maxOutputTokens: 255 }, /256-32768/],
      [{ maxOutputTokens: 32_769 }, /256-32768/],
    ]
    for (const [given, reason] of cases) {
      const { status, errors } = await setModel(id, given, as('owner'))
      const shown = JSON.stringify(given)
      assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'], shown)
      assert.match(errors[0]?.message ?? '', reason, shown)
    }
    for (const name of ['../model.gguf', '/etc/passwd', 'model.bin', 'a/b.gguf', '.gguf']) {
      assertCode(await setModel(id, { kind: 'LOCAL', name }), 'BAD_USER_INPUT')
    }
    assert.equal(await opened.registry.models.get(id), null)
  })

  test('an administrator fetches and removes local models; bad input is refused', async () => {
    const { as } = await addSite()
    const fields = 'localModels { isInstalled files models { name state bytes totalBytes problem } }'
    const sha256 = 'A'.repeat(64)
    const input = { url: 'https://models.example/m.gguf', name: 'm.gguf', sha256 }
    const { data } = await mutate('localModelFetch', input, { fields, viewer: operator })
    assert.deepEqual(data.localModelFetch.localModels, { isInstalled: false, files: [], models: [] })
    assertCode(await mutate('localModelFetch', input, { fields, viewer: as('owner') }), 'FORBIDDEN')
    assertCode(
      await mutate('localModelRemove', { name: 'm.gguf' }, { fields, viewer: as('owner') }),
      'FORBIDDEN',
    )
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ url: 'models.example' }, /The URL is none/],
      [{ url: 'file:///etc/passwd' }, /The URL is none/],
      [{ url: 'http://models.example/m.gguf' }, /https/],
      [{ url: 'https://10.0.0.1/m.gguf' }, /public address/],
      [{ name: '../m.gguf' }, /name of the file/],
      [{ name: 'm.bin' }, /name of the file/],
      [{ sha256: 'abc' }, /64 hexadecimal/],
    ]
    for (const [given, reason] of cases) {
      assertReason(
        await mutate('localModelFetch', { ...input, ...given }, { fields, viewer: operator }),
        reason,
      )
    }
    const gone = await mutate(
      'localModelRemove',
      { name: '../../registry' },
      { fields: 'wasThere', viewer: operator },
    )
    assert.equal(gone.data.localModelRemove.wasThere, false)
    const events = '{ auditEventsConnection(first: 1) { edges { node { action subject } } } }'
    assert.deepEqual((await ask(opened.api, events)).data.auditEventsConnection.edges[0].node, {
      action: 'local-model.fetched',
      subject: 'm.gguf',
    })
  })

  test('editors request and cancel drafts; viewers read them', async () => {
    const { id, briefId, as, publisher } = await addSite()
    await setModel(id)
    const { data } = await request(briefId, as('editor'))
    const { id: draftId, ...draft } = data.draftRequest.draft
    assert.deepEqual(draft, { status: 'QUEUED', language: 'fr', region: 'FR' })
    assert.equal(
      (await request(briefId, publisher, { language: 'pt-br' })).data.draftRequest.draft.language,
      'pt-BR',
    )
    const read = `{ site(siteId: "${id}") { hasModel drafts(first: 5) { edges { node { status } } } } }`
    const seen = await ask(opened.api, read, { viewer: as('viewer') })
    assert.deepEqual([seen.data.site.hasModel, seen.data.site.drafts.edges.length], [true, 2])
    assertCode(await request(briefId, as('viewer')), 'FORBIDDEN')
    assertCode(await withDraft('draftCancel', draftId, as('viewer')), 'FORBIDDEN')
    const cancelled = await withDraft('draftCancel', draftId, as('editor'))
    assert.equal(cancelled.data.draftCancel.draft.status, 'CANCELLED')
    assertReason(await withDraft('draftCancel', draftId, as('editor')), /written already/)
  })

  test('a draft without a model, in no language, or of no brief is refused, and so is the twenty-first', async () => {
    const { id, briefId, as } = await addSite()
    const other = await addSite()
    assertReason(await request(briefId, as('editor')), /has no model/)
    await setModel(id)
    for (const language of ['', 'klingon-language', 'x'.repeat(300), 'de\0']) {
      assertReason(await request(briefId, as('editor'), { language }), /language|U\+0000/)
    }
    const gone = Buffer.from(Buffer.from(briefId, 'base64').toString().replace(/.$/, '!')).toString('base64')
    assertReason(await request(gone, as('editor')), /no such brief/)
    const foreign = await request(other.briefId, as('editor'))
    assert.notEqual(foreign.errors.length, 0)
    assert.equal(foreign.data ?? null, null)
    for (let draft = 0; draft < 20; draft++) await request(briefId, as('editor'))
    assertReason(await request(briefId, as('editor')), /20 drafts of the site wait already/)
  })

  test('a draft is approved by a person who may publish, once, and only after the gates passed it', async () => {
    const { registry } = opened
    const { id, briefId, as, publisher } = await addSite()
    await setModel(id)
    const { data } = await request(briefId, as('editor'))
    const draftId: string = data.draftRequest.draft.id
    const own = Buffer.from(draftId, 'base64').toString().split('/').at(-1) ?? ''
    assertReason(await withDraft('draftApprove', draftId, as('editor')), /The draft is queued/)
    const content = { title: 'T', description: 'D', sections: [] }
    await registry.drafts.change(own, { from: ['queued'], to: 'passed', content })
    assertCode(await withDraft('draftApprove', draftId, as('viewer')), 'FORBIDDEN')
    assertCode(await withDraft('draftApprove', draftId, publisher), 'FORBIDDEN')
    assertCode(await withDraft('draftApprove', draftId, operator), 'FORBIDDEN')
    assertReason(await withDraft('draftSendAgain', draftId, as('editor')), /The draft is passed/)
    const both = await Promise.all(
      [as('editor'), as('owner')].map((viewer) => withDraft('draftApprove', draftId, viewer)),
    )
    assert.deepEqual(new Set(both.map(({ status }) => status)), new Set([200, 400]))
    assertReason(both.find(({ status }) => status === 400) as Answer, /The (?:editor|owner) approved it/)
    await registry.drafts.change(own, { from: ['approved'], to: 'conflict' })
    assert.equal((await withDraft('draftSendAgain', draftId, as('owner'))).status, 200)
  })
})

const endpoint = {
  kind: 'ENDPOINT',
  baseUrl: 'https://models.example/v1/',
  name: 'small',
  inputPrice: 0.5,
  outputPrice: 1.5,
  currency: 'EUR',
  budget: 12.5,
}

const brief = {
  subject: 'FR',
  kind: 'lagging-region',
  question: 'What do readers in France need?',
  readers: 'Readers in France',
  region: 'FR',
  language: 'fr',
  outline: [],
  titles: [],
  descriptions: [],
  links: [],
  facts: [],
  update: [],
  score: 1,
  why: 'France lags.',
} as const
