import {
  createRecordId,
  epochOf,
  type Registry,
  type StoredGrant,
  type StoredOffer,
} from '@peerpress/registry'
import {
  type AssignedPost,
  type Assignment,
  type Grant,
  isAdmitted,
  maxAssignedPosts,
  maxTermMs,
  type PeerId,
  type PostId,
  seedPolicy,
  type SeedRequest,
  type SiteId,
} from '@peerpress/wire'
import { isCurrent } from './is-current.ts'
import { CommunityError } from '../community-error.ts'
import {
  convictionEntries,
  grantEntry,
  offerEntry,
  receiptsEntries,
  revocationEntry,
} from './ledger-entries.ts'
import { createPlacements } from './placements.ts'
import { countersignOffer, readOffer, readSeedRequest, signGrant } from './signed-terms.ts'

/** ms that a seed may store a post without word from the server. */
export const leaseMs = 3_600_000

/** A lent seed that may join the swarm of a post. */
export interface LentAdmission {
  readonly site: SiteId
  readonly post: PostId
  readonly lent: { readonly seed: PeerId; readonly epoch: string; readonly nonce: string }
}

/** The limits that a site's owner sets for a seed. */
export interface GrantInput extends Pick<Grant, 'seed' | 'maxBytes' | 'bytesPerDay' | 'expiresAt'> {
  readonly site: SiteId
}

/** Grants, offers, and what lent seeds may do. */
export interface CommunityLending {
  /**
   * Accepts an offer that a seed has signed, and adds the signature of its owner's site. `isOwner` decides whether the request
   * comes from that site. Returns the envelope with both signatures.
   * @throws {CommunityError} `bad-signature`, `expired`, `refused`, `revoked`
   */
  receiveOffer(text: string, isOwner: (site: SiteId) => Promise<boolean>): Promise<string>
  /**
   * Signs a grant with the site's key.
   * @throws {CommunityError} `unknown`, `revoked`, `expired`, `refused`
   */
  grant(input: GrantInput): Promise<StoredGrant>
  /** Takes a grant back. The seed deletes the site's posts within its lease. Returns false if there is none. */
  revokeGrant(site: SiteId, id: string): Promise<boolean>
  /** Ends the offer of an owner's seed. Returns false if there is none. */
  revokeOffer(owner: SiteId, seed: PeerId): Promise<boolean>
  /**
   * Returns the posts that a seed should store, as its signed request asks.
   * @throws {CommunityError} `bad-signature`, `expired`, `replayed`, `unknown`, `revoked`
   */
  assignment(text: string): Promise<Assignment>
  /**
   * Decides whether a seed may join the swarm of a post, as its signed request asks.
   * @throws {CommunityError} any of its codes
   */
  admit(text: string): Promise<LentAdmission>
  /** Ends the offer of the seed that a peer was, because a proof showed that it sent wrong bytes. False if it was none. */
  convict(peer: PeerId): Promise<boolean>
  /** Closes the epochs that are over. Returns how many. */
  closeEpochs(signal?: AbortSignal): Promise<number>
}

export interface LendingOptions {
  readonly registry: Pick<Registry, 'lending' | 'ledger' | 'sites' | 'posts'>
  /** Returns the member site of a site; null if it is none. */
  readonly memberOf: (site: SiteId) => Promise<string | null>
  /** Whether a restored post was not read from its site yet. */
  readonly isUnread: (site: SiteId, post: PostId) => Promise<boolean>
  /** Returns the countries in which a site lags, the worst first. */
  readonly laggingRegions: (site: SiteId) => Promise<readonly string[]>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

export function createLending({
  registry,
  memberOf,
  isUnread,
  laggingRegions,
  now = Date.now,
}: LendingOptions): CommunityLending {
  const { lending, ledger, sites, posts } = registry
  const placements = createPlacements({ lending, laggingRegions, now })
  const keyOf = async (site: SiteId) => ({ keyId: site, key: await sites.signingKey(site) })
  const keysOf = async (site: SiteId) =>
    (await sites.signingKeys(site)).map(({ key }) => ({ keyId: site, key }))

  /** @throws {CommunityError} `unknown`, `revoked`, `expired` */
  const offerOf = async (seed: PeerId): Promise<StoredOffer> =>
    requireOffer(await lending.findOffer(seed), now())

  const requestOf = async <Action extends SeedRequest['action']>(text: string, action: Action) => {
    const request = await readSeedRequest(text, now())
    if (request.action !== action) throw new CommunityError('refused', `This is no request for ${action}.`)
    const offer = await offerOf(request.seed)
    if (!(await lending.useNonce(request.nonce))) {
      throw new CommunityError('replayed', 'This request was accepted before: sign a new one.')
    }
    return { request: request as Extract<SeedRequest, { action: Action }>, offer }
  }

  return {
    receiveOffer: async (text, isOwner) => {
      const offer = await readOffer(text, now())
      if (!(await isOwner(offer.owner))) {
        throw new CommunityError(
          'refused',
          'The token is none of the site that the offer names as its owner.',
        )
      }
      const envelope = countersignOffer(text, await keyOf(offer.owner))
      const member = await memberOf(offer.owner)
      const isRecorded = await ledger.transaction(async (within) => {
        const isNew = await lending.offer(within.sql, offer, envelope)
        if (isNew) await within.append([offerEntry(offer, { envelope, member })])
        return isNew
      })
      if (!isRecorded) {
        const known = await lending.findOffer(offer.seed)
        if (known?.revokedReason === 'wrong-chunk') throw convicted()
        throw new CommunityError('refused', 'The seed has another owner, or a later offer.')
      }
      placements.forget()
      return envelope
    },

    grant: async ({ site, seed, maxBytes, bytesPerDay, expiresAt }) => {
      await offerOf(seed)
      const issuedAt = now()
      if (expiresAt <= issuedAt || expiresAt - issuedAt > maxTermMs) {
        throw new CommunityError('refused', 'A grant ends in the future, within a year.')
      }
      const grant = { id: createRecordId(), site, seed, maxBytes, bytesPerDay, issuedAt, expiresAt }
      const envelope = signGrant(grant, await keysOf(site))
      const member = await memberOf(site)
      await ledger.transaction(async (within) => {
        if (!(await lending.grant(within.sql, grant, envelope))) {
          throw new CommunityError('unknown', 'The seed has no offer.')
        }
        await within.append([grantEntry(grant, { envelope, member })])
      })
      placements.forget()
      return { ...grant, envelope, revokedAt: null }
    },

    revokeGrant: async (site, id) => {
      const member = await memberOf(site)
      const isRevoked = await ledger.transaction(async (within) => {
        const isEnded = await lending.revokeGrant(within.sql, site, id)
        if (isEnded) await within.append([revocationEntry(id, { reason: 'owner', member })])
        return isEnded
      })
      placements.forget()
      return isRevoked
    },

    revokeOffer: async (owner, seed) => {
      const offer = await lending.findOffer(seed)
      if (offer?.owner !== owner) return false
      const member = await memberOf(owner)
      const isRevoked = await ledger.transaction(async (within) => {
        const isEnded = await lending.revokeOffer(within.sql, seed, 'owner')
        if (isEnded) await within.append([revocationEntry(offer.id, { reason: 'owner', member })])
        return isEnded
      })
      placements.forget()
      return isRevoked
    },

    assignment: async (text) => {
      const { request } = await requestOf(text, 'assignment')
      await lending.seen(request.seed)
      const grants = (await lending.grants({ seed: request.seed })).filter((grant) => isCurrent(grant, now()))
      const assigned: AssignedPost[] = []
      const signed = new Map<string, string>()
      for (const { site, post, url } of (await placements.current()).get(request.seed) ?? []) {
        const grant = grants.find((each) => each.site === site)
        if (grant === undefined) continue
        // The site's key may have been rotated since the grant was made: its keys of today sign it.
        const envelope = signed.get(grant.id) ?? signGrant(grant, await keysOf(site))
        signed.set(grant.id, envelope)
        assigned.push({ site, post, page: url, grant: envelope })
      }
      return { lease: leaseMs, posts: assigned.slice(0, maxAssignedPosts) }
    },

    admit: async (text) => {
      const { request, offer } = await requestOf(text, 'ticket')
      const { seed, site, post, nonce } = request
      await requirePublic(site, post)
      const grants = (await lending.grants({ seed })).filter(
        (grant) => grant.site === site && isCurrent(grant, now()),
      )
      if (grants.length === 0) {
        throw new CommunityError('unknown', 'The site has granted this seed nothing, or the grant has ended.')
      }
      const epoch = epochOf(now())
      const perDay = Math.min(offer.bytesPerDay, Math.max(...grants.map(({ bytesPerDay }) => bytesPerDay)))
      if ((await lending.given(epoch, seed, site)) >= perDay) {
        throw new CommunityError('day-quota', `The seed has sent ${perDay} bytes for this site today.`)
      }
      return { site, post, lent: { seed, epoch, nonce } }
    },

    convict: async (peer) => {
      const session = await lending.sessionOf(peer)
      const offer = session === null ? null : await lending.findOffer(session.seed)
      if (offer === null) return false
      const { entries, texts } = convictionEntries(offer, await memberOf(offer.owner))
      const isRevoked = await ledger.transaction(async (within) => {
        const isEnded = await lending.revokeOffer(within.sql, offer.seed, 'wrong-chunk')
        if (isEnded) await within.append(entries, texts)
        return isEnded
      })
      placements.forget()
      return isRevoked
    },

    closeEpochs: async (signal) => {
      for (let closed = 0; ; closed++) {
        signal?.throwIfAborted()
        const totals = await ledger.transaction(async (within) => {
          const days = await lending.closeEpoch(within.sql)
          if (days !== null) await within.append(receiptsEntries(days))
          return days
        })
        if (totals === null) return closed
      }
    },
  }

  /** @throws {CommunityError} `not-public` */
  async function requirePublic(siteId: SiteId, postId: PostId): Promise<void> {
    const [site, post] = await Promise.all([sites.get(siteId), posts.summary(siteId, postId)])
    const isPublic =
      site !== null &&
      site.disconnectedAt === null &&
      isAdmitted(seedPolicy, site) &&
      post !== null &&
      !post.revoked &&
      !(await isUnread(siteId, postId))
    if (!isPublic) {
      throw new CommunityError('not-public', 'The post is not public here, or its site admits no seeds.')
    }
  }
}

function requireOffer(offer: StoredOffer | null, now: number): StoredOffer {
  if (offer === null) throw new CommunityError('unknown', 'The seed has no offer here.')
  if (offer.revokedReason === 'wrong-chunk') throw convicted()
  if (offer.revokedAt !== null) throw new CommunityError('revoked', "The seed's owner has ended its offer.")
  if (offer.expiresAt <= now) throw new CommunityError('expired', "The seed's offer has ended.")
  return offer
}

function convicted(): CommunityError {
  return new CommunityError('revoked', 'A proof shows that this seed sent wrong bytes: its key is refused.')
}
