import type { Grant, Offer, PeerId, PostId, SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, type Placed } from '../keyset/keyset.ts'
import { isSiteId } from '../sites/site-id.ts'
import { createReceipts, forgetLent, type Receipts } from './receipts.ts'

/** An offer that a seed's owner made, as it stands. */
export interface StoredOffer extends Offer {
  /** The signed envelope. */
  readonly envelope: string
  /** When the seed last requested its assignment; null if it never has. */
  readonly seenAt: Date | null
  /** When it was revoked; null if it was not. */
  readonly revokedAt: Date | null
  /** Why it was revoked: `owner`, or `wrong-chunk` for a proof against the seed. */
  readonly revokedReason: RevokedReason | null
}

/** Why an offer ended before its expiry. */
export type RevokedReason = 'owner' | 'wrong-chunk'

/** A grant that a site made, as it stands. */
export interface StoredGrant extends Grant {
  /** The signed envelope. */
  readonly envelope: string
  /** When the site took it back; null if it did not. */
  readonly revokedAt: Date | null
}

/** A public post that lent seeds may store. */
export interface PlaceablePost {
  readonly site: SiteId
  readonly post: PostId
  /** Of the post's page. */
  readonly url: string
  /** Of its assets. */
  readonly bytes: number
}

/**
 * Offers of seeds, grants of sites, and receipts for what lent seeds gave. Changes with `sql` run in that transaction, which also
 * appends them to the ledger.
 */
export interface Lending extends Receipts {
  /**
   * Records an offer. It replaces an earlier one of the same seed and owner that is older. Returns false if the seed belongs
   * to another owner, was revoked by a proof, or has a later offer.
   */
  offer(sql: Sql, offer: Offer, envelope: string): Promise<boolean>
  /** Records a grant. Returns false if it exists already, or if the seed has no offer. */
  grant(sql: Sql, grant: Grant, envelope: string): Promise<boolean>
  /** Ends an offer. Returns false if there is none that is not revoked. */
  revokeOffer(sql: Sql, seed: PeerId, reason: RevokedReason): Promise<boolean>
  /** Ends a grant of a site. Returns false if there is none that is not revoked. */
  revokeGrant(sql: Sql, site: SiteId, id: string): Promise<boolean>
  findOffer(seed: PeerId): Promise<StoredOffer | null>
  findGrant(id: string): Promise<StoredGrant | null>
  /** Returns all offers, latest first. */
  offers(): Promise<StoredOffer[]>
  /**
   * Returns a page of offers, latest first: all of an owner, or those of other owners than `besides` that have not ended.
   */
  offerPage(
    of: { readonly owner: SiteId } | { readonly besides: SiteId },
    query: KeysetQuery,
  ): Promise<Placed<StoredOffer>[]>
  /** Returns the grants for a seed, or all, latest first. */
  grants(of?: { readonly seed: PeerId }): Promise<StoredGrant[]>
  /** Returns a page of a site's grants, latest first. */
  grantPage(site: SiteId, query: KeysetQuery): Promise<Placed<StoredGrant>[]>
  /**
   * Returns the public posts of these sites that lent seeds may store, at most `perSite` of each, the latest first. Revoked
   * and withdrawn posts, posts of disconnected sites, and posts without assets are left out.
   */
  placeable(sites: readonly SiteId[], perSite: number): Promise<PlaceablePost[]>
  /** Records that a seed requested its assignment. */
  seen(seed: PeerId): Promise<void>
  /** Uses the nonce of a signed request. Returns false if it was used before. */
  useNonce(nonce: string): Promise<boolean>
  /** Removes used nonces that no accepted request can have any more, and old keys of peers. */
  forget(): Promise<void>
}

export function createLending(database: Database, now: () => number): Lending {
  const moment = () => new Date(now())
  return {
    ...createReceipts(database, now),
    offer: recordOffer,
    grant: async (sql, grant, envelope) => {
      const { id, site, seed, maxBytes, bytesPerDay, issuedAt, expiresAt } = grant
      const rows = await sql.query(
        `insert into peerpress.lending_grant
           (id, site, seed, max_bytes, bytes_per_day, issued_at, expires_at, envelope)
         select $1, $2, $3, $4, $5, $6, $7, $8
         where exists (select 1 from peerpress.lending_offer where seed = $3)
         on conflict do nothing returning id`,
        [id, site, seed, maxBytes, bytesPerDay, new Date(issuedAt), new Date(expiresAt), envelope],
      )
      return rows.length > 0
    },
    revokeOffer: async (sql, seed, reason) => {
      const rows = await sql.query(
        `update peerpress.lending_offer set revoked_at = $2, revoked_reason = $3
         where seed = $1 and revoked_at is null returning seed`,
        [seed, moment(), reason],
      )
      return rows.length > 0
    },
    revokeGrant: async (sql, site, id) => {
      if (!isSiteId(site)) return false
      const rows = await sql.query(
        `update peerpress.lending_grant set revoked_at = $3
         where site = $1 and id = $2 and revoked_at is null returning id`,
        [site, id, moment()],
      )
      return rows.length > 0
    },
    findOffer: async (seed) => (await offersWhere(database, 'seed = $1', [seed]))[0] ?? null,
    findGrant: async (id) => (await grantsWhere(database, 'id = $1', [id]))[0] ?? null,
    offers: () => offersWhere(database, 'true', []),
    offerPage: async (of, query) => {
      if (!isSiteId('owner' in of ? of.owner : of.besides)) return []
      const [where, params] =
        'owner' in of
          ? ['owner = $1', [of.owner]]
          : ['owner <> $1 and revoked_at is null and expires_at > $2', [of.besides, moment()]]
      return keysetPage(
        database,
        { columns: '*', from: 'peerpress.lending_offer', where, params, order: termsOrder, read: offerOf },
        query,
      )
    },
    grants: (of) =>
      of === undefined ? grantsWhere(database, 'true', []) : grantsWhere(database, 'seed = $1', [of.seed]),
    grantPage: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns: '*',
          from: 'peerpress.lending_grant',
          where: 'site = $1',
          params: [site],
          order: termsOrder,
          read: grantOf,
        },
        query,
      )
    },
    placeable: async (sites, perSite) => {
      const rows = await database.query<Omit<PlaceablePost, 'bytes'> & { readonly bytes: string | number }>(
        placeablePosts,
        [sites.filter(isSiteId), perSite],
      )
      return rows.map(({ bytes, ...row }) => ({ ...row, bytes: Number(bytes) }))
    },
    seen: async (seed) => {
      await database.query('update peerpress.lending_offer set seen_at = $2 where seed = $1', [
        seed,
        moment(),
      ])
    },
    useNonce: async (nonce) => {
      const rows = await database.query(
        `insert into peerpress.lent_nonce (nonce, used_at) values ($1, $2)
         on conflict do nothing returning nonce`,
        [nonce, moment()],
      )
      return rows.length > 0
    },
    forget: () => forgetLent(database, now()),
  }
}

const placeablePosts = `
select site, post, url, bytes from (
  select p.site, p.post, p.url, sum(a.size)::bigint as bytes,
    row_number() over (partition by p.site order by p.published_at desc, p.post) as place
  from peerpress.post p
  join peerpress.site s on s.id = p.site and s.disconnected_at is null
  join peerpress.post_asset named on named.site = p.site and named.post = p.post
  join peerpress.asset a on a.id = named.asset
  left join peerpress.post_statement said on said.site = p.site and said.post = p.post
  where p.site = any($1) and not p.revoked and coalesce(said.says, 'published') = 'published'
  group by p.site, p.post, p.url, p.published_at
) ranked where place <= $2 order by site, place`

async function recordOffer(sql: Sql, offer: Offer, envelope: string): Promise<boolean> {
  const { id, seed, owner, country, maxBytes, bytesPerDay, issuedAt, expiresAt } = offer
  const values = [maxBytes, bytesPerDay, new Date(issuedAt), new Date(expiresAt), envelope]
  const rows = await sql.query(
    `insert into peerpress.lending_offer as known
       (seed, id, owner, country, max_bytes, bytes_per_day, issued_at, expires_at, envelope)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (seed) do update set id = excluded.id, country = excluded.country,
       max_bytes = excluded.max_bytes, bytes_per_day = excluded.bytes_per_day,
       issued_at = excluded.issued_at, expires_at = excluded.expires_at, envelope = excluded.envelope,
       revoked_at = null, revoked_reason = null
     where known.owner = excluded.owner and known.issued_at < excluded.issued_at
       and known.revoked_reason is distinct from 'wrong-chunk'
     returning seed`,
    [seed, id, owner, country, ...values],
  )
  return rows.length > 0
}

interface TermsRow {
  readonly id: string
  readonly seed: PeerId
  readonly max_bytes: string | number
  readonly bytes_per_day: string | number
  readonly issued_at: Date
  readonly expires_at: Date
  readonly envelope: string
  readonly revoked_at: Date | null
}

interface OfferRow extends TermsRow {
  readonly owner: SiteId
  readonly country: string
  readonly seen_at: Date | null
  readonly revoked_reason: RevokedReason | null
}

async function offersWhere(sql: Sql, where: string, params: readonly unknown[]): Promise<StoredOffer[]> {
  const rows = await sql.query<OfferRow>(
    `select * from peerpress.lending_offer where ${where} order by issued_at desc, seed`,
    params,
  )
  return rows.map(offerOf)
}

/** Ids are of one site or seed, so two may be equal: the seed decides then. */
const termsOrder = [
  ['issued_at', 'time'],
  ['id', 'text'],
  ['seed', 'text'],
] as const

function offerOf(row: OfferRow): StoredOffer {
  return {
    ...termsOf(row),
    owner: row.owner,
    country: row.country,
    seenAt: row.seen_at,
    revokedReason: row.revoked_reason,
  }
}

interface GrantRow extends TermsRow {
  readonly site: SiteId
}

function grantOf(row: GrantRow): StoredGrant {
  return { ...termsOf(row), site: row.site }
}

async function grantsWhere(sql: Sql, where: string, params: readonly unknown[]): Promise<StoredGrant[]> {
  const rows = await sql.query<GrantRow>(
    `select * from peerpress.lending_grant where ${where} order by issued_at desc, id`,
    params,
  )
  return rows.map(grantOf)
}

function termsOf(row: TermsRow) {
  return {
    id: row.id,
    seed: row.seed,
    maxBytes: Number(row.max_bytes),
    bytesPerDay: Number(row.bytes_per_day),
    issuedAt: row.issued_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    envelope: row.envelope,
    revokedAt: row.revoked_at,
  }
}
