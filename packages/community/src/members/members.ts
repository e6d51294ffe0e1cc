import { createHash } from 'node:crypto'
import type { SiteClient } from '@peerpress/publisher'
import type { MemberSite, Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { CommunityError } from '../community-error.ts'
import type { CommunityLedger } from '../ledger/community-ledger.ts'
import type { LedgerEntry, LedgerEvent } from '../ledger/entry.ts'
import { takeAttempt } from '../take-attempt.ts'
import { memberHosts } from './member-hosts.ts'
import { encodeProofFile } from './proof-file.ts'
import { type DomainProof, proveDomain } from './prove.ts'
import { skeletonOf } from './shown-host.ts'

const day = 86_400_000
/** A proof holds for 30 days. It is repeated from this age on, once a day, so that a failure has a week to be repaired. */
const renewAfter = 23 * day
/** ms from a proof until a membership lapses. */
export const lapseAfter = 30 * day
/** Time between two attempts, a little less than a day, because attempts start at the same hour. */
const retryAfter = 20 * 3_600_000

/** Attempts of a site to join: so many at once, then one in five minutes. */
const joinLimit = { burst: 5, interval: 300_000 }

export type MembersRegistry = Pick<
  Registry,
  'sites' | 'memberSites' | 'memberships' | 'sharedPosts' | 'attemptLimits' | 'ledger'
>

export interface MembersOptions {
  readonly registry: MembersRegistry
  readonly ledger: CommunityLedger
  readonly client: SiteClient
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** Why a membership ends. */
export type LeavingReason = Extract<LedgerEntry, { kind: 'left' }>['body']['reason']

/** The sites of the community: who proved which domain, and until when. */
export interface Members {
  /**
   * Proves a site's domain and records it as a member site. A repeated call proves it again.
   * @throws {CommunityError} `not-a-domain`, `private-domain`, `unproven`, `too-many`
   */
  join(site: SiteId): Promise<MemberSite>
  /** Ends a membership. What the site shared goes with it, and its texts are erased. Returns false if it was no member. */
  leave(site: SiteId): Promise<boolean>
  /** Ends the membership of a site that was disconnected or removed. */
  end(site: SiteId): Promise<void>
  /** Repeats old proofs. A membership without a proof in 30 days lapses. */
  renew(signal: AbortSignal): Promise<void>
  /**
   * Returns the signed file that proves a site's domain.
   * @throws {CommunityError} `not-a-domain`, `private-domain`
   */
  proofFile(site: Site): Promise<string>
}

export function createMembers({ registry, ledger, client, now }: MembersOptions): Members {
  const { sites, memberSites, sharedPosts } = registry

  const prove = async (id: SiteId): Promise<{ readonly site: Site; readonly proof: DomainProof }> => {
    const [site, secret] = await Promise.all([sites.get(id), sites.webhookSecret(id)])
    if (site === null || secret === null || site.disconnectedAt !== null) {
      throw new CommunityError('unproven', 'The site is not connected. Connect it, then join again.')
    }
    return { site, proof: await proveDomain(site, { client, secret }) }
  }

  const record = async (site: Site, proof: DomainProof): Promise<MemberSite> => {
    const { member, domain, method } = proof
    const owners = (await registry.memberships.of(site.id)).filter(({ role }) => role === 'owner')
    const accounts = owners.map(({ account }) => account.id).slice(0, maxAccounts)
    const endings = await endedBy({ memberSites, ledger }, { site: site.id, member, accounts })
    const body = { site: site.id, domain, accounts, keys: [keyHash(site)] }
    const holder = await memberSites.find(member)
    const isEnded = endings.some((ending) => ending.member === member)
    const input = { site: site.id, member, domain, skeleton: skeletonOf(member), method }
    return ledger.transaction(async (within) => {
      if (isEnded && holder !== null) await memberSites.remove(holder.site, within.sql)
      const recorded = await memberSites.record(input, within.sql)
      if (recorded === null) throw new CommunityError('unproven', 'The site was removed meanwhile.')
      await within.append([...endings, { kind: 'proof', member, body }])
      return recorded
    })
  }

  const end = async (site: SiteId, reason: LeavingReason): Promise<boolean> => {
    const known = await memberSites.get(site)
    if (known === null) return false
    return ledger.transaction(async (within) => {
      if (!(await memberSites.remove(site, within.sql))) return false
      await within.append([{ kind: 'left', member: known.member, body: { reason } }])
      return true
    })
  }

  const renewOne = async (known: MemberSite): Promise<void> => {
    try {
      const { site, proof } = await prove(known.site)
      await record(site, proof)
    } catch (error) {
      if (!(error instanceof CommunityError)) throw error
      if (now() - known.provenAt.getTime() >= lapseAfter) await end(known.site, 'lapsed')
      else await memberSites.fail(known.site, error.message)
    }
  }

  return {
    join: async (id) => {
      await takeAttempt(registry.attemptLimits, {
        what: `community.join ${id}`,
        ...joinLimit,
        advice: 'The site was asked for its proof several times.',
      })
      const { site, proof } = await prove(id)
      return record(site, proof)
    },
    leave: async (site) => {
      const known = await memberSites.get(site)
      if (known === null) return false
      const erase = async () => {
        await registry.ledger.eraseTexts(await textsOf(ledger, known.member))
        await sharedPosts.removeOf(site)
      }
      // Before the end: a site whose server was killed here is a member still, and can leave again.
      await erase()
      if (!(await end(site, 'left'))) return false
      // What the site shared in the meantime.
      await erase()
      return true
    },
    end: async (site) => {
      await end(site, 'left')
    },
    renew: async (signal) => {
      const due = await memberSites.due({
        provenBefore: new Date(now() - renewAfter),
        checkedBefore: new Date(now() - retryAfter),
      })
      for (const known of due) {
        signal.throwIfAborted()
        await renewOne(known)
      }
    },
    proofFile: async (site) => {
      const { domain } = memberHosts(site.url, site.allowPrivateAddresses)
      return encodeProofFile(site, await sites.signingKey(site.id), domain)
    },
  }
}

/** Owners of a site that the ledger names, at most. */
const maxAccounts = 50

/** Returns the SHA-256 of a site's key, hex. */
function keyHash(site: Site): string {
  return createHash('sha256').update(site.publicKey).digest('hex')
}

/**
 * Returns the ends of memberships that a proof causes. The member site of another registered site, with another key, has changed
 * hands; so has one whose owners are all others than at the last proof, because an administrator may connect a registered site
 * anew for the next owner of its domain. A site that moved leaves its old member site.
 */
async function endedBy(
  { memberSites, ledger }: Pick<Registry, 'memberSites'> & { readonly ledger: CommunityLedger },
  {
    site,
    member,
    accounts,
  }: { readonly site: SiteId; readonly member: string; readonly accounts: readonly string[] },
): Promise<LedgerEntry[]> {
  const [holder, own] = await Promise.all([memberSites.find(member), memberSites.get(site)])
  const ended: LedgerEntry[] = []
  if (own !== null && own.member !== member) {
    ended.push({ kind: 'left', member: own.member, body: { reason: 'left' } })
  }
  if (holder === null) return ended
  const before = holder.site === site ? await lastAccounts(ledger, member) : []
  const isOther = before.length > 0 && accounts.length > 0 && !before.some((one) => accounts.includes(one))
  if (holder.site !== site || isOther) {
    ended.push({ kind: 'left', member, body: { reason: 'changed-hands' } })
  }
  return ended
}

/** Rows of one member site per read. */
const rowsAtOnce = 1000

async function lastAccounts(ledger: CommunityLedger, member: string): Promise<readonly string[]> {
  let accounts: readonly string[] = []
  for await (const event of rowsOf(ledger, { member, kinds: ['proof'] })) {
    if (event.kind === 'proof') accounts = event.body.accounts
  }
  return accounts
}

/** Returns the hashes of the texts that a member site submitted. */
async function textsOf(ledger: CommunityLedger, member: string): Promise<string[]> {
  const hashes: string[] = []
  for await (const event of rowsOf(ledger, { member, kinds: ['submission'] })) {
    if (event.kind !== 'submission') continue
    const { title, summary } = event.body
    hashes.push(title, ...(summary === null ? [] : [summary]))
  }
  return hashes
}

async function* rowsOf(
  ledger: CommunityLedger,
  range: { readonly member: string; readonly kinds: readonly string[] },
): AsyncGenerator<LedgerEvent> {
  let after = 0
  for (;;) {
    const rows = await ledger.read({ ...range, after, limit: rowsAtOnce })
    yield* rows
    after = rows.at(-1)?.seq ?? after
    if (rows.length < rowsAtOnce) return
  }
}
