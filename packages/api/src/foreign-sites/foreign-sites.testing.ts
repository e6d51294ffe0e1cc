import assert from 'node:assert/strict'
import type { Principal } from '@peerpress/accounts'
import { ask, openTestApi, type TestApi } from '../api.testing.ts'
import { schema } from '../schema/schema.ts'
import { queriesFrom } from '../schema/walk.testing.ts'
import { candidatesOf } from './candidates.testing.ts'
import { collect, type Known, learn, marksOf, type Reading } from './known-site.testing.ts'
import { makeNamedSite } from './named-site.testing.ts'
import { makeAccount, signedIn } from './people.testing.ts'

const day = 86_400_000

/** Two sites of one installation, and everybody who may read one of them. */
export interface ForeignSites {
  readonly opened: TestApi
  /** The site that is walked. */
  readonly a: Known
  readonly b: Known
  /** The administrator, who reads A beside B. */
  readonly reading: Reading
  /** Principals of site B, by what they are to it. */
  readonly foreigners: ReadonlyMap<string, Principal>
  /** What the community's feed shows everybody: it is no secret of its site. */
  readonly feed: Pick<Known, 'ids' | 'texts'>
  /** Returns texts of site A that its feed does not show. */
  secrets(): string[]
  close(): Promise<void>
}

/**
 * Opens two sites. A walk then calls every query and mutation of the schema, by introspection, with the ids of site A. It takes
 * ids from what an administrator reads of A, so a new field or type is walked without a change here. A new mutation may need
 * a value in `inputs` of `candidates.testing.ts`: a test names it.
 */
export async function openForeignSites(): Promise<ForeignSites> {
  const opened = await openTestApi()
  await makeAccount(opened, 'admin@example.org')
  const administrator = await signedIn(opened, 'admin@example.org')
  const alpha = await makeNamedSite(opened, 'alpha', administrator)
  const bravo = await makeNamedSite(opened, 'bravo', administrator)
  const foreigners = await principalsOf(opened, bravo.id, administrator)
  const reading = { administrator, other: bravo }
  const a = await learn(opened, alpha, reading)
  const b = await learn(opened, bravo, { administrator, other: alpha, roots: ['site'] })
  const stranger = foreigners.get('its viewer')
  assert.ok(stranger)
  const feed = await learnFeed(opened, a, { stranger, other: bravo })
  const secrets = () => marksOf(a, b).filter((text) => ![...feed.texts].some((shown) => shown.includes(text)))
  return { opened, a, b, reading, foreigners, feed, secrets, close: () => opened.close() }
}

async function principalsOf(
  opened: TestApi,
  site: string,
  administrator: Principal,
): Promise<Map<string, Principal>> {
  const foreigners = new Map<string, Principal>()
  for (const role of ['editor', 'viewer'] as const) {
    await makeAccount(opened, `${role}@bravo.example.org`, { site, role })
    foreigners.set(`its ${role}`, await signedIn(opened, `${role}@bravo.example.org`))
  }
  foreigners.set('its owner', await signedIn(opened, 'owner@bravo.example.org'))
  const expiresAt = new Date(Date.now() + day)
  for (const scopes of [
    ['report.read', 'measurement.export', 'post.publish', 'site.configure'],
    ['seed'],
  ] as const) {
    const input = { name: 'walker', sites: [site], scopes, expiresAt }
    const { secret } = await opened.accounts.tokens.issue(input, administrator)
    const authorization = `Bearer ${secret}`
    const token = await opened.accounts.credentials.principalOf({ authorization, session: null })
    assert.equal(token.kind, 'token')
    foreigners.set(`its token for ${scopes.join(', ')}`, token)
  }
  return foreigners
}

/** Reads the community's feed as somebody who has no role in site A. */
async function learnFeed(
  opened: TestApi,
  a: Known,
  { stranger, other }: Pick<Reading, 'other'> & { readonly stranger: Principal },
): Promise<Pick<Known, 'ids' | 'texts'>> {
  const feed = { ids: new Map<string, Set<string>>(), texts: new Set<string>() }
  for (const { text } of queriesFrom(schema, 'feed', candidatesOf(a, other))) {
    const { data, errors } = await ask(opened.api, text, { viewer: stranger })
    assert.deepEqual(errors, [], text)
    collect(data, feed)
  }
  assert.ok([...feed.texts].some((text) => text.includes('alpha')))
  return feed
}
