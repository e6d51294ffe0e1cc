import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { signedManifest } from '@peerpress/community/testing'
import { laggingSiteExports } from '@peerpress/insights/testing'
import { type BriefInput, createRecordId, epochOf, evidenceItem, type Registry } from '@peerpress/registry'
import { rowTime } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from './api.testing.ts'
import { schema } from './schema/schema.ts'
import { mutationCall, queriesFrom, reachableFields } from './schema/walk.testing.ts'

const password = 'correct horse battery'
const network = '192.0.2.0/24'
const day = 86_400_000
const from = '2026-05-01T00:00:00Z'
const to = '2026-05-02T00:00:00Z'

/**
 * The walk calls every query and mutation of the schema, by introspection, with the ids of site A. It takes ids from what an
 * administrator reads of A, so a new field or type is walked without a change here. A new mutation may need a value in
 * `inputs`: the last test names it.
 */
suite('somebody of site B', { timeout: 600_000 }, () => {
  let opened: TestApi
  let a: Known
  let b: Known
  let administrator: Principal
  const foreigners = new Map<string, Principal>()
  const feed = { ids: new Map<string, Set<string>>(), texts: new Set<string>() }

  before(async () => {
    opened = await openTestApi()
    await makeAccount('admin@example.org')
    administrator = await signedIn('admin@example.org')
    const ids = [await makeSite('alpha'), await makeSite('bravo')] as const
    for (const role of ['editor', 'viewer'] as const) {
      await makeAccount(`${role}@bravo.example.org`, { site: ids[1], role })
      foreigners.set(`its ${role}`, await signedIn(`${role}@bravo.example.org`))
    }
    foreigners.set('its owner', await signedIn('owner@bravo.example.org'))
    const expiresAt = new Date(Date.now() + day)
    const sites = [ids[1]]
    for (const scopes of [
      ['report.read', 'measurement.export', 'post.publish', 'site.configure'],
      ['seed'],
    ] as const) {
      const { secret } = await opened.accounts.tokens.issue(
        { name: 'walker', sites, scopes, expiresAt },
        administrator,
      )
      const authorization = `Bearer ${secret}`
      const token = await opened.accounts.credentials.principalOf({ authorization, session: null })
      assert.equal(token.kind, 'token')
      foreigners.set(`its token for ${scopes.join(', ')}`, token)
    }
    a = await learn(ids[0])
    b = await learn(ids[1], ['site'])
    await learnFeed()
  })
  after(() => opened.close())

  test('the walk selects every field that can be reached', () => {
    const missing = [...reachableFields(schema)].filter((field) => !a.selected.has(field))
    assert.deepEqual(missing, [])
    const marks = marksOf(a, b)
    for (const mark of [
      'A finding of alpha.',
      'A title of alpha',
      'An approved title of alpha',
      'Evidence of alpha.',
      'upload of alpha',
      'A note of alpha',
      'A question of alpha?',
      'A claim about alpha.',
      'model of alpha',
      'The number of alpha is not there.',
      'Engine of alpha',
      'alpha',
      'owner@alpha.example.org',
      'token of alpha',
      'channel@alpha.example.org',
      'The site alpha does not answer.',
      'https://alpha.example.org/probed',
      'https://alpha.example.org/post/',
      'https://alpha.example.org/sitemap.xml',
    ]) {
      assert.ok(
        [...marks].some((text) => text.includes(mark)),
        `an administrator reads ${mark}`,
      )
    }
  })

  test('reads nothing of site A, whatever it asks for', async () => {
    const marks = secretsOf()
    for (const [name, principal] of foreigners) {
      for (const { root, text } of queriesOf(a)) {
        const answer = await ask(opened.api, text, { viewer: principal })
        const found = JSON.stringify([answer.data ?? null, answer.errors])
        for (const mark of marks) assert.ok(!found.includes(mark), `${name} read ${mark} by ${text}`)
        const isPublic = [...(feed.ids.get('id') ?? [])].some((id) => text.includes(id))
        if (['site', 'node', 'nodes'].includes(root) && !isPublic) {
          assertEmpty(answer.data, `${name}: ${text}`)
        }
      }
    }
  })

  test('changes nothing of site A, and no answer shows whether it exists', async () => {
    const earlier = await everythingOf(a)
    const marks = secretsOf()
    for (const [name, principal] of foreigners) {
      for (const mutation of mutations()) {
        const call = mutationCall(schema, mutation, candidatesOf(a, mutation))
        const { data, errors } = await ask(opened.api, call, { viewer: principal })
        const isRefused = errors.length > 0 || data?.[mutation]?.userErrors?.length > 0
        assert.ok(isRefused || forTheCaller.has(mutation), `${name} was permitted: ${call}`)
        for (const { extensions } of errors) {
          assert.match(extensions.code, /^(?:FORBIDDEN|BAD_USER_INPUT)$/, `${name}: ${call}`)
        }
        const found = JSON.stringify([data ?? null, errors])
        for (const mark of marks) assert.ok(!found.includes(mark), `${name} read ${mark} by ${call}`)
        if (!mutation.startsWith('site') || mutation === 'siteAdd') continue
        const unknown = call.replaceAll(a.site, 'zzzzzzzzzzzzzzzz')
        const other = await ask(opened.api, unknown, { viewer: principal })
        assert.deepEqual(other.errors, errors, `${name} learns that the site exists: ${call}`)
        assert.deepEqual(other.data, data, `${name} learns that the site exists: ${call}`)
      }
    }
    assert.equal(await everythingOf(a), earlier)
  })

  // Without this, a mutation that is refused for its input would never have reached the check of who may call it.
  test('is refused for who it is: an administrator may call every mutation with the same input', async () => {
    const ordered = mutations().toSorted((one, two) => (last.get(one) ?? 0) - (last.get(two) ?? 0))
    for (const mutation of ordered) {
      const call = mutationCall(schema, mutation, candidatesOf(a, mutation))
      const { data, errors } = await ask(opened.api, call, { viewer: administrator })
      assert.deepEqual(errors, [], `give the walk a value: ${call}`)
      const problems = data[mutation].userErrors ?? []
      assert.ok(problems.length === 0 || withoutThing.has(mutation), `give the walk a value: ${call}`)
    }
  })

  /** Texts of site A that its feed does not show. */
  function secretsOf(): string[] {
    return marksOf(a, b).filter((text) => ![...feed.texts].some((shown) => shown.includes(text)))
  }

  /** Input that a name alone does not suggest. */
  function inputs(site: string): Readonly<Record<string, unknown>> {
    return {
      from,
      to,
      interval: 'DAY',
      by: 'COUNTRY',
      url: `https://${site}.example.org/post/`,
      origins: [`https://${site}.example.org`],
      email: `owner@${site}.example.org`,
      currentPassword: password,
      newPassword: password,
      scopes: 'REPORT_READ',
      expiresAt: new Date(Date.now() + day).toISOString(),
      days: 30,
      sendsMail: false,
      path: 'regions?range=week',
      seed: seedOf.get(site),
      reportedId: [...sharedBy].find(([name]) => name !== site)?.[1],
      maxBytes: 1000,
      bytesPerDay: 1000,
      everyMinutes: 60,
      visitor: '7',
      target: `added@${site}.example.org`,
      timeZone: 'Europe/Amsterdam',
      first: 2,
      recentFile: Buffer.from(searchExports.recent).toString('base64'),
      earlierFile: Buffer.from(searchExports.earlier).toString('base64'),
      approvedTexts: ['23', '24'].map((postId) => ({ postId, text: `Another of ${site}` })),
      advice: 'DESCRIPTION_MISSING',
      name: `notes of ${site}`,
      format: 'TEXT',
      uploadFile: Buffer.from(`Notes of ${site}.`).toString('base64'),
      queriesFile: Buffer.from(`Query,Clicks,Impressions,CTR,Position\nquery of ${site},1,9,11%,3`).toString(
        'base64',
      ),
      date: '2026-02-02',
      language: 'en',
      region: 'FR',
      firstDay: '2026-02-02',
      lastDay: '2026-03-01',
      value: 'DOWN',
      reason: 'Because.',
      baseUrl: 'https://models.example/v1',
      key: 'sk-of-the-walk',
      currency: 'EUR',
      maxOutputTokens: 1000,
      note: `A note of ${site}`,
      noteAt: from,
      sha256: 'a'.repeat(64),
      code: 'code-of-the-walk',
      property: `sc-domain:${site}.example.org`,
      component: `theme of ${site}`,
      version: '2.0',
      releasedAt: from,
      pricePerGigabyte: 0.05,
      carbonPerGigabyte: 30,
    }
  }

  interface Known {
    readonly name: string
    readonly site: string
    /** Ids by the name of the field that has them. */
    readonly ids: ReadonlyMap<string, ReadonlySet<string>>
    /** Every text that an administrator reads of it. */
    readonly texts: ReadonlySet<string>
    /** `Type.field` of every field that was selected. */
    readonly selected: ReadonlySet<string>
  }

  function candidatesOf({ name, ids }: Pick<Known, 'name' | 'ids'>, mutation = '') {
    const values = inputs(name)
    const state = statesOfDrafts.get(mutation)
    return (field: string): unknown => {
      // Each costs as much as a query of its own, and `node` is asked for all of them.
      if (field === 'ids') return [...(ids.get('id') ?? [])].slice(0, 2)
      if (field === 'draftId' && state !== undefined) return draftsOf.get(`${name} ${state}`)
      if (field === 'name' && mutation.startsWith('localModel')) return 'model.gguf'
      if (field === 'reason' && mutation === 'postReport') return 'SPAM'
      // An id names an own thing where a mutation needs one of several.
      if (field === 'state') return [...(ids.get('siteId') ?? [])][0]
      if (field === 'channelIds') return [...(ids.get('channelId') ?? [])]
      if (field === 'siteIds') return [...(ids.get('siteId') ?? [])]
      const [id] = ids.get(field) ?? []
      return id ?? values[field]
    }
  }

  const idIs = (id: string, known: Known) => (field: string) =>
    field === 'id' ? id : candidatesOf(known)(field)

  function queriesOf(known: Known): { readonly root: string; readonly text: string }[] {
    return Object.keys(schema.getQueryType()?.getFields() ?? {}).flatMap((root) => {
      if (root !== 'node')
        return queriesFrom(schema, root, candidatesOf(known)).map(({ text }) => ({ root, text }))
      return [...(known.ids.get('id') ?? [])].flatMap((id) =>
        queriesFrom(schema, root, idIs(id, known)).map(({ text }) => ({ root, text })),
      )
    })
  }

  /** Reads what the community's feed shows everybody: it is no secret of its site. */
  async function learnFeed(): Promise<void> {
    const stranger = foreigners.get('its viewer')
    assert.ok(stranger)
    for (const { text } of queriesFrom(schema, 'feed', candidatesOf(a))) {
      const { data, errors } = await ask(opened.api, text, { viewer: stranger })
      assert.deepEqual(errors, [], text)
      collect(data, feed)
    }
    assert.ok([...feed.texts].some((text) => text.includes('alpha')))
  }

  /** Reads all that the graph has of a site as an administrator, with the ids that each answer adds. */
  async function learn(
    site: string,
    roots = Object.keys(schema.getQueryType()?.getFields() ?? {}),
  ): Promise<Known> {
    const name = nameOf.get(site) ?? ''
    const ids = new Map<string, Set<string>>([
      ['siteId', new Set([site])],
      ['postId', new Set(['12'])],
      ['findingId', new Set([Buffer.from(`Finding:${site}/lagging-region/FR`).toString('base64')])],
      ['briefId', new Set([Buffer.from(`Brief:${site}/${briefIdOf.get(site)}`).toString('base64')])],
      ['draftId', new Set([Buffer.from(`Draft:${site}/${draftOf.get(site)}`).toString('base64')])],
      ['annotationId', new Set([Buffer.from(`Annotation:${noteOf.get(name)}`).toString('base64')])],
      ['uploadId', new Set([Buffer.from(`Upload:${site}/${uploadOf.get(site)}`).toString('base64')])],
    ])
    const [grant] = await opened.registry.lending.grants({ site })
    ids.set('seedGrantId', new Set([Buffer.from(`SeedGrant:${site}/${grant?.id}`).toString('base64')]))
    const texts = new Set<string>()
    const selected = new Set<string>()
    const known = { name, site, ids, texts, selected }
    const read = async (root: string, candidates: (field: string) => unknown) => {
      for (const { text, selects } of queriesFrom(schema, root, candidates)) {
        const { data, errors } = await ask(opened.api, text, { viewer: administrator })
        assert.deepEqual(errors, [], text)
        for (const select of selects) selected.add(select)
        // Lists of the installation have other sites, too.
        if (['site', 'node', 'nodes'].includes(root)) collect(data, { ids, texts })
      }
    }
    for (const root of roots.toSorted((one) => (one === 'site' ? -1 : 1))) {
      if (root !== 'node') await read(root, candidatesOf(known))
      else for (const id of ids.get('id') ?? []) await read(root, idIs(id, known))
    }
    return known
  }

  /** Returns what an administrator reads of a site, as one text. */
  async function everythingOf(known: Known): Promise<string> {
    const answers: unknown[] = []
    for (const { root, text } of queriesOf(known)) {
      if (root !== 'site') continue
      answers.push((await ask(opened.api, text, { viewer: administrator })).data)
    }
    return JSON.stringify(answers)
  }

  const nameOf = new Map<string, string>()
  /** The seed of each site, by the site's name. */
  const seedOf = new Map<string, string>()
  /** The shared post of each site, by the site's name. */
  const sharedBy = new Map<string, string>()
  /** Global ids of drafts by `NAME STATUS`. */
  const draftsOf = new Map<string, string>()
  const uploadOf = new Map<string, string>()
  const noteOf = new Map<string, string>()
  const briefIdOf = new Map<string, string>()
  const draftOf = new Map<string, string>()

  /** Makes a site with a post, views, a connector, a channel, an incident, a probe, findings, an owner and a token. */
  async function makeSite(name: string): Promise<string> {
    const { registry, store, accounts } = opened
    const added = {
      url: `https://${name}.example.org`,
      consent: 'assumed',
      allowPrivateAddresses: false,
    } as const
    const { id: site } = (await registry.sites.add(added)).site
    nameOf.set(site, name)
    for (const post of ['12', '13']) {
      // What is shared is public; the other post is not.
      const url = `https://${name}.example.org/${post === '12' ? 'post' : 'shared'}/`
      const published = { site, post, url, version: 1, revoked: false }
      const envelope = await signedManifest(registry, published)
      await registry.posts.record({ ...published, envelope, assets: [] })
    }
    const text = `A note of ${name}`
    const note = await registry.timeline.addNote({ site, at: new Date(from), text, author: null })
    noteOf.set(name, note?.id ?? '')
    const property = `sc-domain:${name}.example.org`
    await registry.searchConnections.connect({
      site,
      kind: 'oauth',
      account: null,
      credential: `refresh of ${name}`,
    })
    await registry.searchConnections.choose(site, property)
    await registry.searchConnections.recordDays(site, property, [{ day: '2026-03-01', isFinal: true }])
    const counts = { clicks: 1, impressions: 2, position: 3 }
    const figures = [
      { kind: 'total', key: '', ...counts },
      { kind: 'query', key: `searched ${name}`, ...counts },
    ] as const
    await store.recordSearchDays({ site, readAt: new Date(), days: [{ day: '2026-03-01', rows: figures }] })
    await registry.releases.record(site, {
      component: `plugin of ${name}`,
      version: '1',
      releasedAt: new Date(),
    })
    const { community } = opened.sources
    await community.members.join(site)
    const { id: submission } = await community.shares.share(site, '13')
    sharedBy.set(name, submission)
    await community.vote(site, { submission, value: 'down', reason: `A reason of ${name}.` })
    const sitemap = { site, kind: 'sitemap', url: `https://${name}.example.org/sitemap.xml` } as const
    const { connector } = await registry.connectors.set(sitemap)
    const page = { post: '12', url: `https://${name}.example.org/post/`, hint: null, isRequested: true }
    await registry.connectors.record(connector.id, 1, [page])
    const rows = [1, 2, 3].map((hour) =>
      viewRow({
        site,
        started_at: rowTime(Date.parse(from) + hour * 3_600_000),
        post: '12',
        country: 'FR',
        lcp: 900,
      }),
    )
    await store.insertViews(ndjson(rows), name)
    const { channel } = await registry.channels.add({
      site,
      kind: 'email',
      target: `channel@${name}.example.org`,
    })
    const reported = { site, cadence: 'weekly', channels: [channel.id], lastPeriod: '2026-03-02' } as const
    await registry.reportSchedules.add(reported)
    await registry.incidents.apply(site, [
      {
        type: 'open',
        symptom: 'origin-down',
        severity: 'page',
        summary: `The site ${name} does not answer.`,
        since: new Date(from),
      },
    ])
    await registry.probeOutcomes.record({
      site,
      kind: 'http',
      url: `https://${name}.example.org/probed`,
      at: new Date(),
      ok: false,
      failure: { code: 'timeout', message: `No answer of ${name}.` },
      durationMs: 10,
      timings: { dns: 1 },
    })
    await makeTrial(site, name)
    await registry.findings.record({ ...analysisOf(site, name), worse: 1.5 })
    await lend(site, name)
    const fact = evidenceItem({
      site,
      source: 'finding',
      date: '2026-02-02',
      region: 'FR',
      language: 'en',
      post: '12',
      title: `Title of ${name}`,
      text: `Evidence of ${name}.`,
      url: `https://${name}.example.org/evidence`,
    })
    await registry.evidence.record(site, ['finding'], [fact])
    const upload = { name: `upload of ${name}`, kind: 'text', uploadedBy: null, items: [] } as const
    uploadOf.set(site, (await registry.uploads.add({ site, ...upload })).id)
    await registry.briefs.record(site, '2026-02-02', [briefOf(name, fact.id)])
    const [made] = await registry.briefs.list(site)
    briefIdOf.set(site, made?.id ?? '')
    await recordDrafts(registry, { site, name, brief: made?.id ?? '', fact: fact.id })
    const waiting = { site, brief: made?.id ?? '', language: 'en', region: 'FR', requestedBy: null }
    draftOf.set(site, (await registry.drafts.request(waiting)).id)
    await makeAccount(`owner@${name}.example.org`, { site, role: 'owner' })
    const expiresAt = new Date(Date.now() + day)
    await accounts.tokens.issue(
      { name: `token of ${name}`, sites: [site], scopes: ['report.read'], expiresAt },
      administrator,
    )
    return site
  }

  /** Makes a seed of the site, a grant for it, and a receipt of today. */
  async function lend(site: string, name: string): Promise<void> {
    const { registry } = opened
    const [issuedAt, seed] = [Date.now(), randomBytes(32).toString('base64url')]
    seedOf.set(name, seed)
    const limits = { maxBytes: 1_000_000, bytesPerDay: 1_000_000, issuedAt, expiresAt: issuedAt + day }
    const terms = { ...limits, id: createRecordId(), seed, owner: site, country: 'BR' }
    await registry.ledger.transaction(({ sql }) => registry.lending.offer(sql, terms, `offer of ${site}`))
    const session = { seed, site, post: '12', epoch: epochOf(issuedAt), nonce: 'nonce' }
    const receipt = { ...session, giver: `giver of ${site}`, taker: 'taker', network: 'network', bytes: 100 }
    await registry.lending.record([receipt])
    const { expiresAt } = limits
    await opened.lending.grant({ site, seed, maxBytes: 1, bytesPerDay: 1, expiresAt })
  }

  /** Makes advice on four pages, a trial of two of them, and a draft that a person can approve. */
  async function makeTrial(site: string, name: string): Promise<void> {
    const { registry } = opened
    const title = `A title of ${name}`
    const content = { title, description: null, headline: title, language: 'en', sections: [] }
    for (const post of ['21', '22', '23', '24']) {
      const url = `https://${name}.example/${post}/`
      await registry.pageTexts.record({ site, post, version: 1, url, failure: null, content })
    }
    const pages = ['21', '22'].map((post, index) => ({
      post,
      url: `https://${name}.example/${post}/`,
      isChangedHalf: index === 0,
      title: `An approved title of ${name}`,
      description: null,
      seen: { title, description: null },
    }))
    await registry.pageTrials.begin({ site, kind: 'title-duplicate', startedBy: `Person of ${name}`, pages })
    for (const status of ['passed', 'failed'] as const) {
      const input = { site, brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
      const { id } = await registry.drafts.request(input)
      await registry.drafts.change(id, { from: ['queued'], to: 'passed' })
      if (status === 'failed') {
        await registry.drafts.change(id, {
          from: ['passed'],
          to: 'approved',
          approvedBy: `Person of ${name}`,
        })
        await registry.drafts.change(id, { from: ['approved'], to: 'failed' })
      }
      draftsOf.set(`${name} ${status}`, Buffer.from(`Draft:${site}/${id}`).toString('base64'))
    }
  }

  async function makeAccount(
    email: string,
    member?: { readonly site: string; readonly role: 'owner' | 'editor' | 'viewer' },
  ): Promise<void> {
    const { welcoming } = opened.accounts
    const welcome =
      member === undefined ? { kind: 'administrator' as const } : { kind: 'member' as const, ...member }
    const token = await welcoming.issue({ email, ...welcome }, 'operator')
    await welcoming.accept({ token, email, name: `Name ${email}`, password }, { network, browser: null })
  }

  async function signedIn(email: string): Promise<Principal> {
    const { signIn, credentials } = opened.accounts
    const { token } = await signIn.signIn({ email, password }, { network, session: null, browser: null })
    return credentials.principalOf({ authorization: undefined, session: token })
  }
})

/** Any exports that can be imported. */
const searchExports = laggingSiteExports(Date.parse(to))

/** Records a model, and a refused draft whose texts name the site. */
async function recordDrafts(
  registry: Registry,
  { site, name, brief, fact }: Readonly<Record<'site' | 'name' | 'brief' | 'fact', string>>,
): Promise<void> {
  await registry.models.set(
    {
      site,
      kind: 'endpoint',
      baseUrl: `https://models.${name}.example/v1`,
      name: `model of ${name}`,
      key: `sk-of-${name}`,
      allowPrivateAddresses: false,
      prices: { input: 1, output: 2, currency: 'EUR' },
      budget: 10,
      maxOutputTokens: 1000,
    },
    'operator',
  )
  const { id } = await registry.drafts.request({
    site,
    brief,
    language: 'en',
    region: 'FR',
    requestedBy: null,
  })
  const claims = [{ text: `A claim about ${name}.`, evidence: [fact] }]
  await registry.drafts.change(id, {
    from: ['queued'],
    to: 'refused',
    error: `A problem of ${name}.`,
    content: {
      title: `A draft of ${name}`,
      description: `A draft about ${name}`,
      sections: [{ heading: `A section of ${name}`, claims }],
    },
    refusals: [{ section: 0, claim: 0, code: 'number', reason: `The number of ${name} is not there.` }],
  })
}

/** Returns a brief whose texts name the site. */
function briefOf(name: string, fact: string): BriefInput {
  const text = { text: `An option of ${name}.`, pixels: 99 }
  const url = `https://${name}.example.org/post/`
  return {
    subject: name,
    kind: 'lagging-region',
    question: `A question of ${name}?`,
    readers: `Readers of ${name}`,
    region: 'FR',
    language: 'fr',
    outline: [{ heading: `A heading of ${name}`, evidence: [fact] }],
    titles: [text],
    descriptions: [text],
    links: [{ post: '12', url, title: `A post of ${name}`, score: 1 }],
    facts: [fact],
    update: [{ post: '12', advice: 'update', reason: `A reason of ${name}.` }],
    score: 9,
    why: `Why ${name} needs it.`,
  }
}

/** Returns an analysis with one lagging region, whose texts name the site. */
function analysisOf(site: string, name: string) {
  const figure = { name: `Visits to ${name}`, unit: 'views', value: 1, comparedWith: 2 }
  const reason = { kind: 'slower', strength: 1, sentence: `A reason of ${name}.`, figures: [figure] }
  const period = { weekly: 1, share: 0.5 }
  const figures = { country: 'FR', clicks: 1, impressions: 2, position: 3 }
  const region = {
    country: 'FR',
    samples: 60,
    recent: period,
    earlier: period,
    visitsRatio: 0.5,
    test: { oddsRatio: 0.5, pValue: 0.01, adjustedPValue: 0.02, autocorrelation: 0 },
    lags: true,
    reasons: [reason],
    weeks: [{ week: -1, visits: 1 }],
    engines: [{ engine: `Engine of ${name}`, recent: 1, earlier: 2 }],
    search: { recent: figures, earlier: figures },
  }
  const content = {
    sentence: `A finding of ${name}.`,
    action: `What ${name} should do.`,
    link: `/sites/${site}`,
    samples: 60,
    minSamples: 50,
    figures: [figure],
    reasons: [reason],
    country: 'FR',
    post: '12',
  }
  return {
    site,
    regions: {
      version: 1,
      end: 0,
      state: 'tested',
      weeks: 28,
      season: 'unknown',
      search: null,
      regions: [region],
      subdivisions: [{ ...region, country: 'FR-75' }],
      languages: [{ language: 'fr', recent: figures, earlier: figures }],
    },
    findings: [{ rule: 'lagging-region', subject: 'FR', content, effect: 0.5, score: 9 }],
  }
}

/** Mutations that concern the caller alone. */
const forTheCaller = new Set([
  'accountPasswordChange',
  'passkeyRename',
  'passkeyRemove',
  'providerUnlink',
  'sessionEnd',
  'sessionsEnd',
])

/** Mutations of things that the walk does not make: links, sessions and other ways to sign in. */
const withoutThing = new Set([
  'accountSignInReset',
  'invitationRevoke',
  'passkeyRemove',
  'passkeyRename',
  'providerUnlink',
  'sessionEnd',
  'viewRemove',
])

/** The state that a draft must have for a mutation. */
const statesOfDrafts: ReadonlyMap<string, string> = new Map([
  ['draftApprove', 'passed'],
  ['draftSendAgain', 'failed'],
])
/** Mutations that end what others need. */
const last = new Map(
  [
    'moderationDecide',
    'moderationAppeal',
    'pageTrialEnd',
    'pageTrialRollBack',
    'reportScheduleRemove',
    'searchConsoleDisconnect',
    'channelRemove',
    'seedGrantRevoke',
    'seedOfferRevoke',
    'communityLeave',
    'memberRoleSet',
    'memberRemove',
    'tokenRevoke',
    'passwordReset',
    'accountClose',
    'siteRemove',
  ].map((name, i) => [name, i + 1]),
)

function mutations(): string[] {
  return Object.keys(schema.getMutationType()?.getFields() ?? {})
}

/** Texts that only one of the sites has. Short ones could be part of anything. */
function marksOf(
  own: { readonly texts: ReadonlySet<string> },
  other: { readonly texts: ReadonlySet<string> },
) {
  return [...own.texts].filter((text) => text.length >= 8 && !other.texts.has(text))
}

/** Adds the texts of an answer, and the ids in it by their names. */
function collect(
  value: unknown,
  known: { readonly ids: Map<string, Set<string>>; readonly texts: Set<string> },
  name = '',
): void {
  if (Array.isArray(value)) for (const one of value) collect(one, known, name)
  else if (typeof value === 'object' && value !== null) {
    // Names of types are no site's.
    for (const [key, one] of Object.entries(value)) if (key !== '__typename') collect(one, known, key)
  } else if (typeof value === 'string') {
    // Two sites may be added, or visited, in the same moment.
    if (Number.isNaN(Date.parse(value))) known.texts.add(value)
    if (!/id$/i.test(name)) return
    const ids = known.ids.get(name) ?? new Set()
    known.ids.set(name, ids.add(value))
  }
}

/** Checks that an answer about another's site has no value at all. */
function assertEmpty(data: unknown, what: string): void {
  if (data == null) return
  for (const value of Object.values(data)) {
    assert.ok(value === null || (Array.isArray(value) && value.every((one) => one === null)), what)
  }
}
