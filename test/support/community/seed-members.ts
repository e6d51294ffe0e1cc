import { createCommunityLedger } from '@peerpress/community'
import { signedManifest } from '@peerpress/community/testing'
import { createRecordId, ledgerText, type Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { sampleViews } from '../data/sample-views.ts'

/** A registered site whose domain is proven. */
export interface SeededMember {
  readonly site: string
  readonly member: string
}

/** Registers sites at `NAME.localhost` and proves their domains, as of the registry's clock. */
export async function seedMembers(registry: Registry, names: readonly string[]): Promise<SeededMember[]> {
  const ledger = createCommunityLedger({ registry })
  const seeded: SeededMember[] = []
  for (const name of names) {
    const member = `${name}.localhost`
    const added = { url: `http://${member}/`, consent: 'assumed', allowPrivateAddresses: true } as const
    const { id: site } = (await registry.sites.add(added)).site
    const keys = [Buffer.from(name.padEnd(32)).toString('hex')]
    await ledger.append([{ kind: 'proof', member, body: { site, domain: member, accounts: [], keys } }])
    await registry.memberSites.record({ site, member, domain: member, skeleton: member, method: 'file' })
    seeded.push({ site, member })
  }
  return seeded
}

/** Gives sites 120 measured views each, so that their votes weigh something. */
export async function seedViews(store: Store, members: readonly SeededMember[]): Promise<void> {
  for (const { site, member } of members) {
    const rows = sampleViews(site, 120, Date.now()).map((row) => JSON.stringify(row))
    await store.insertViews(Buffer.from(rows.join('\n')), member)
  }
}

/** Shares a published post of a member site. Returns the id of the submission. */
export async function seedSharedPost(
  registry: Registry,
  { site, member }: SeededMember,
  title: string,
): Promise<string> {
  const ledger = createCommunityLedger({ registry })
  const [id, post] = [createRecordId(), title.toLowerCase().replaceAll(/\W+/g, '-')]
  const url = `http://${member}/${post}/`
  const manifest = { site, post, version: 1, url, revoked: false }
  const envelope = await signedManifest(registry, manifest)
  await registry.posts.record({ ...manifest, envelope, assets: [] })
  const about = { id, site, post, url, language: 'en', region: null, topics: [] }
  await registry.sharedPosts.add({ ...about, member, title, summary: '', picture: null })
  const text = ledgerText(title)
  await ledger.append(
    [{ kind: 'submission', member, body: { ...about, title: text.hash, summary: null, picture: null } }],
    [text],
  )
  return id
}
