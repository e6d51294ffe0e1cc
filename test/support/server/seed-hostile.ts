import { evidenceItem } from '@peerpress/registry'
import { createCommunityLedger, createModeration } from '@peerpress/community'
import { sampleViews } from '../data/sample-views.ts'
import { seedMembers, seedSharedPost } from '../community/seed-members.ts'
import type { ReportServer } from './report-server.ts'

/** A text that tries to be markup, to turn what follows it around, and to end the attribute or the cell that it is in. */
export const hostileText = `"'><img src=x onerror="document.title='hit'"><script>document.title='hit'</script>\u202e{{7*7}}=cmd()`

/** The same with 10,000 characters without a place to break. */
const longHostileText = `${hostileText}${'W'.repeat(10_000 - hostileText.length)}`

/** A name within the limits of a site's name. */
export const hostileName = `"><img src=x onerror="document.title='hit'">${'W'.repeat(50)}`

/** The hostile text without what names of accounts and saved views may not have. */
export const hostileLabel = hostileText.replace('\u202e', '')

/** A person whose name and address are as hostile as an account's may be. */
export const hostileAccount = {
  name: hostileLabel,
  email: `${'w'.repeat(240)}@example.org`,
  password: 'correct horse battery',
}

/** Adds the hostile account as an administrator, who saved views of a site. */
export async function seedHostileAccount(
  { accounts: { welcoming }, registry }: ReportServer,
  site: string,
): Promise<void> {
  const { email } = hostileAccount
  const token = await welcoming.issue({ kind: 'administrator', email }, 'operator')
  const client = { network: '192.0.2.0/24', browser: null }
  const { id } = await welcoming.accept({ token, ...hostileAccount }, client)
  // The longest path that the graph takes.
  const query = hostileText.replaceAll(/[^\x21-\x7e]/g, '')
  const path = `regions?${query}`.padEnd(2000, 'w')
  await registry.savedViews.save({ site, account: id }, { name: hostileLabel, path })
  await registry.savedViews.save({ site, account: id }, { name: 'W'.repeat(100), path: 'speed' })
}

/** Gives a site the hostile texts wherever strangers, members or the CMS choose them. Returns its id. */
export async function seedHostileSite(server: ReportServer): Promise<string> {
  const { registry, store, insights } = server
  const home = 'https://garden.example/'
  const { site: made } = await registry.sites.add({
    url: home,
    consent: 'required',
    allowPrivateAddresses: false,
  })
  const site = made.id
  await registry.sites.configure(site, { name: hostileName })

  const path = encodeURI(`/${hostileText}/${'w'.repeat(1500)}`)
  for (const post of ['101', '102']) {
    const url = `https://garden.example${path}?${post}`
    await registry.posts.record({ site, post, url, version: 1, revoked: false, envelope: '{}', assets: [] })
    const content = {
      title: longHostileText,
      headline: longHostileText,
      description: longHostileText,
      language: hostileText,
      sections: [{ heading: hostileText, text: longHostileText }],
    }
    await registry.pageTexts.record({ site, post, version: 1, url, failure: null, content })
    await registry.outcomes.record({
      site,
      post,
      result: 'failed',
      code: 'timeout',
      message: longHostileText,
    })
  }
  const views = sampleViews(site, 300, Date.now()).map((row) => ({
    ...row,
    url: `https://garden.example${path}`,
    lcp_target: row.lcp_target && hostileText,
    lcp_url: row.lcp_url && `https://garden.example${path}.png`,
    browser: hostileText,
    network: hostileText,
    assistant: row.assistant && hostileText,
    search_engine: row.search_engine && hostileText,
    subdivision: row.country === 'FR' ? hostileText : null,
  }))
  await store.insertViews(Buffer.from(views.map((row) => JSON.stringify(row)).join('\n')), 'hostile')

  const now = new Date()
  await registry.timeline.addNote({
    site,
    at: new Date(now.getTime() - 86_400_000),
    text: longHostileText,
    author: hostileText,
  })
  await registry.releases.record(site, { component: hostileText, version: hostileText, releasedAt: now })
  await registry.channels.add({ site, kind: 'webhook', target: `https://hooks.example${path}` })
  await registry.incidents.apply(site, [
    { type: 'open', symptom: 'origin-down', severity: 'page', summary: longHostileText, since: now },
  ])
  await registry.probeOutcomes.record({
    site,
    kind: 'http',
    url: `https://garden.example${path}`,
    at: now,
    ok: false,
    failure: { code: 'timeout', message: longHostileText },
    durationMs: 10,
    timings: { dns: 1 },
  })
  await registry.connectors.set({ site, kind: 'sitemap', url: `https://garden.example${path}/sitemap.xml` })

  const fact = evidenceItem({
    site,
    source: 'finding',
    date: '2026-02-02',
    region: 'FR',
    language: 'en',
    post: '101',
    title: longHostileText,
    text: longHostileText,
    url: `https://garden.example${path}`,
  })
  await registry.evidence.record(site, ['finding'], [fact])
  await registry.uploads.add({
    site,
    name: longHostileText,
    kind: 'text',
    uploadedBy: hostileText,
    items: [],
  })
  const option = { text: longHostileText, pixels: 99 }
  await registry.briefs.record(site, new Date().toISOString().slice(0, 10), [
    {
      subject: hostileText,
      kind: 'lagging-region',
      question: longHostileText,
      readers: hostileText,
      region: 'FR',
      language: 'fr',
      outline: [{ heading: longHostileText, evidence: [fact.id] }],
      titles: [option],
      descriptions: [option],
      links: [{ post: '101', url: `https://garden.example${path}`, title: longHostileText, score: 1 }],
      facts: [fact.id],
      update: [{ post: '101', advice: 'update', reason: hostileText }],
      score: 9,
      why: longHostileText,
    },
  ])
  const [brief] = await registry.briefs.list(site)
  const draft = await registry.drafts.request({
    site,
    brief: brief?.id ?? '',
    language: 'en',
    region: 'FR',
    requestedBy: null,
  })
  await registry.drafts.change(draft.id, {
    from: ['queued'],
    to: 'refused',
    error: longHostileText,
    content: {
      title: longHostileText,
      description: longHostileText,
      sections: [{ heading: longHostileText, claims: [{ text: longHostileText, evidence: [fact.id] }] }],
    },
    refusals: [{ section: 0, claim: 0, code: 'number', reason: longHostileText }],
  })

  const member = 'garden.example'
  const ledger = createCommunityLedger({ registry })
  await ledger.append([
    { kind: 'proof', member, body: { site, domain: member, accounts: [], keys: ['0'.repeat(64)] } },
  ])
  await registry.memberSites.record({ site, member, domain: member, skeleton: member, method: 'plugin' })
  const [reporter] = await seedMembers(registry, ['reporter'])
  const moderation = createModeration({ registry, ledger, now: Date.now })
  const submission = await seedSharedPost(registry, { site, member }, hostileText)
  if (reporter !== undefined) {
    await moderation.report({
      member: reporter.member,
      reason: 'misleading',
      submission,
      text: longHostileText.slice(0, 1000),
    })
  }
  await registry.apiTokens.add(
    {
      name: hostileText,
      account: null,
      scopes: ['report.read'],
      sites: [site],
      expiresAt: null,
      hash: Buffer.alloc(32, 7),
    },
    'operator',
  )
  const expiresAt = new Date(now.getTime() + 86_400_000)
  const email = 'hostile@example.org'
  const hash = Buffer.alloc(32, 8)
  await registry.welcomes.add(
    { kind: 'member', email, site, role: 'owner' },
    { hash, expiresAt, actor: 'operator' },
  )
  await registry.welcomes.use(hash, { email, name: hostileText, password: 'a PHC string' })
  await insights.analyse(site)
  return site
}
