import { randomBytes } from 'node:crypto'
import type { Principal } from '@peerpress/accounts'
import { signedManifest } from '@peerpress/community/testing'
import { createRecordId, epochOf, evidenceItem, type Registry } from '@peerpress/registry'
import { rowTime } from '@peerpress/store'
import { ndjson, type TestApi, viewRow } from '../api.testing.ts'
import { makeAccount } from './people.testing.ts'
import { analysisOf, briefOf, recordDrafts } from './named-texts.testing.ts'

const from = '2026-05-01T00:00:00Z'
const day = 86_400_000

/** A site whose texts have its name, and what an id cannot be read of. */
export interface NamedSite {
  readonly id: string
  readonly name: string
  readonly seed: string
  /** Id of the post that it shares. */
  readonly shared: string
  /** Global ids. */
  readonly note: string
  readonly upload: string
  readonly brief: string
  readonly drafts: { readonly queued: string; readonly passed: string; readonly failed: string }
}

/** Makes a site with a post, views, a connector, a channel, an incident, a probe, findings, an owner and a token. */
export async function makeNamedSite(
  opened: TestApi,
  name: string,
  administrator: Principal,
): Promise<NamedSite> {
  const { registry, store, accounts } = opened
  const added = {
    url: `https://${name}.example.org`,
    consent: 'assumed',
    allowPrivateAddresses: false,
  } as const
  const { id: site } = (await registry.sites.add(added)).site
  for (const post of ['12', '13']) {
    // What is shared is public; the other post is not.
    const url = `https://${name}.example.org/${post === '12' ? 'post' : 'shared'}/`
    const published = { site, post, url, version: 1, revoked: false }
    const envelope = await signedManifest(registry, published)
    await registry.posts.record({ ...published, envelope, assets: [] })
  }
  const text = `A note of ${name}`
  const note = await registry.timeline.addNote({ site, at: new Date(from), text, author: null })
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
  await store.recordSearchDays({
    site,
    property,
    readAt: new Date(),
    days: [{ day: '2026-03-01', rows: figures }],
  })
  await registry.releases.record(site, {
    component: `plugin of ${name}`,
    version: '1',
    releasedAt: new Date(),
  })
  const { community } = opened.sources
  await community.members.join(site)
  const { id: submission } = await community.shares.share(site, '13')
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
  const drafts = await makeTrial(registry, site, name)
  await registry.findings.record({ ...analysisOf(site, name), worse: 1.5 })
  const seed = await lend(opened, site)
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
  const { id: uploaded } = await registry.uploads.add({ site, ...upload })
  await registry.briefs.record(site, '2026-02-02', [briefOf(name, fact.id)])
  const [made] = await registry.briefs.list(site)
  await recordDrafts(registry, { site, name, brief: made?.id ?? '', fact: fact.id })
  const waiting = { site, brief: made?.id ?? '', language: 'en', region: 'FR', requestedBy: null }
  const { id: draft } = await registry.drafts.request(waiting)
  await makeAccount(opened, `owner@${name}.example.org`, { site, role: 'owner' })
  const expiresAt = new Date(Date.now() + day)
  await accounts.tokens.issue(
    { name: `token of ${name}`, sites: [site], scopes: ['report.read'], expiresAt },
    administrator,
  )
  const idOf = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64')
  return {
    id: site,
    name,
    seed,
    shared: submission,
    note: idOf('Annotation', note?.id ?? ''),
    upload: idOf('Upload', `${site}/${uploaded}`),
    brief: idOf('Brief', `${site}/${made?.id}`),
    drafts: {
      queued: idOf('Draft', `${site}/${draft}`),
      passed: idOf('Draft', `${site}/${drafts.passed}`),
      failed: idOf('Draft', `${site}/${drafts.failed}`),
    },
  }
}

/** Makes a seed of the site, a grant for it, and a receipt of today. Returns the seed. */
async function lend({ registry, lending }: TestApi, site: string): Promise<string> {
  const [issuedAt, seed] = [Date.now(), randomBytes(32).toString('base64url')]
  const limits = { maxBytes: 1_000_000, bytesPerDay: 1_000_000, issuedAt, expiresAt: issuedAt + day }
  const terms = { ...limits, id: createRecordId(), seed, owner: site, country: 'BR' }
  await registry.ledger.transaction(({ sql }) => registry.lending.offer(sql, terms, `offer of ${site}`))
  const session = { seed, site, post: '12', epoch: epochOf(issuedAt), nonce: 'nonce' }
  const receipt = { ...session, giver: `giver of ${site}`, taker: 'taker', network: 'network', bytes: 100 }
  await registry.lending.record([receipt])
  const { expiresAt } = limits
  await lending.grant({ site, seed, maxBytes: 1, bytesPerDay: 1, expiresAt })
  return seed
}

/** Makes advice on four pages, a trial of two of them, and drafts that a person can approve and send again. */
async function makeTrial(
  registry: Registry,
  site: string,
  name: string,
): Promise<{ readonly passed: string; readonly failed: string }> {
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
  const passedDraft = async () => {
    const input = { site, brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const { id } = await registry.drafts.request(input)
    await registry.drafts.change(id, { from: ['queued'], to: 'passed' })
    return id
  }
  const [passed, failed] = [await passedDraft(), await passedDraft()]
  const approvedBy = `Person of ${name}`
  await registry.drafts.change(failed, { from: ['passed'], to: 'approved', approvedBy })
  await registry.drafts.change(failed, { from: ['approved'], to: 'failed' })
  return { passed, failed }
}
