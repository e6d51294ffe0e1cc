import { laggingSiteExports } from '@peerpress/insights/testing'
import type { NamedSite } from './named-site.testing.ts'
import { password } from './people.testing.ts'

const day = 86_400_000
const from = '2026-05-01T00:00:00Z'
const to = '2026-05-02T00:00:00Z'
/** Any exports that can be imported. */
const searchExports = laggingSiteExports(Date.parse(to))

/** The state that a draft must have for a mutation. */
const statesOfDrafts: ReadonlyMap<string, 'passed' | 'failed'> = new Map([
  ['draftApprove', 'passed'],
  ['draftSendAgain', 'failed'],
])

/** A site, and its ids by the name of the field that has them. */
interface Ids {
  readonly named: NamedSite
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Returns a value for each argument and input field of a call about a site, by its name. A report of a post names
 * `other`, because nobody reports an own post.
 * @param call the mutation or subscription
 */
export function candidatesOf({ named, ids }: Ids, other: NamedSite, call = ''): (field: string) => unknown {
  const values = inputs(named, other)
  const state = statesOfDrafts.get(call)
  return (field) => {
    if (field === 'ids' && call === 'draftProgress') return [...(ids.get('draftId') ?? [])]
    // Each costs as much as a query of its own, and `node` is asked for all of them.
    if (field === 'ids') return [...(ids.get('id') ?? [])].slice(0, 2)
    if (field === 'draftId' && state !== undefined) return named.drafts[state]
    if (field === 'name' && call.startsWith('localModel')) return 'model.gguf'
    if (field === 'reason' && call === 'postReport') return 'SPAM'
    // An id names an own thing where a mutation needs one of several.
    if (field === 'state') return [...(ids.get('siteId') ?? [])][0]
    if (field === 'channelIds') return [...(ids.get('channelId') ?? [])]
    if (field === 'siteIds') return [...(ids.get('siteId') ?? [])]
    const [id] = ids.get(field) ?? []
    return id ?? values[field]
  }
}

/** Input that a name alone does not suggest. */
function inputs({ name, seed }: NamedSite, other: NamedSite): Readonly<Record<string, unknown>> {
  return {
    from,
    to,
    interval: 'DAY',
    by: 'COUNTRY',
    url: `https://${name}.example.org/post/`,
    origins: [`https://${name}.example.org`],
    email: `owner@${name}.example.org`,
    currentPassword: password,
    newPassword: password,
    scopes: 'REPORT_READ',
    expiresAt: new Date(Date.now() + day).toISOString(),
    days: 30,
    sendsMail: false,
    path: 'regions?range=week',
    seed,
    host: `${name}.example.org`,
    reportedId: other.shared,
    maxBytes: 1000,
    bytesPerDay: 1000,
    everyMinutes: 60,
    visitor: '7',
    target: `added@${name}.example.org`,
    timeZone: 'Europe/Amsterdam',
    first: 2,
    recentFile: Buffer.from(searchExports.recent).toString('base64'),
    earlierFile: Buffer.from(searchExports.earlier).toString('base64'),
    approvedTexts: ['23', '24'].map((postId) => ({ postId, text: `Another of ${name}` })),
    advice: 'DESCRIPTION_MISSING',
    name: `notes of ${name}`,
    format: 'TEXT',
    uploadFile: Buffer.from(`Notes of ${name}.`).toString('base64'),
    queriesFile: Buffer.from(`Query,Clicks,Impressions,CTR,Position\nquery of ${name},1,9,11%,3`).toString(
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
    note: `A note of ${name}`,
    noteAt: from,
    sha256: 'a'.repeat(64),
    code: 'code-of-the-walk',
    property: `sc-domain:${name}.example.org`,
    component: `theme of ${name}`,
    version: '2.0',
    releasedAt: from,
    pricePerGigabyte: 0.05,
    carbonPerGigabyte: 30,
  }
}
