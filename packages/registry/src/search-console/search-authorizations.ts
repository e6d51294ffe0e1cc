import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { seal, unseal } from '../models/sealed.ts'
import { readSecret } from '../secrets/secrets.ts'

/** A consent that somebody was sent to a search engine for. */
export interface SearchAuthorization {
  readonly site: SiteId
  /** The account that began it. No other account can complete it. */
  readonly holder: string
  /** The PKCE verifier (RFC 7636). It is stored encrypted. */
  readonly verifier: string
}

/** Consents that are under way. Each is used once. */
export interface SearchAuthorizations {
  begin(
    authorization: SearchAuthorization,
    key: { readonly hash: Uint8Array; readonly expiresAt: Date },
  ): Promise<void>
  /** Uses an authorization up. Returns null if it is unknown, used or expired. */
  take(hash: Uint8Array): Promise<SearchAuthorization | null>
}

const secretName = 'search-credentials'

export function createSearchAuthorizations(database: Database, now: () => number): SearchAuthorizations {
  return {
    begin: async ({ site, holder, verifier }, { hash, expiresAt }) => {
      const sealed = seal(await readSecret(database, secretName), site, verifier)
      await database.query('delete from peerpress.search_authorization where expires_at <= $1', [
        new Date(now()),
      ])
      await database.query(
        `insert into peerpress.search_authorization (state_hash, site, holder, sealed_verifier, expires_at)
         values ($1, $2, $3, $4, $5)`,
        [hash, site, holder, sealed, expiresAt],
      )
    },
    take: async (hash) => {
      const [row] = await database.query<{
        site: SiteId
        holder: string
        sealed_verifier: Uint8Array
        expires_at: Date
      }>(
        'delete from peerpress.search_authorization where state_hash = $1 returning site, holder, sealed_verifier, expires_at',
        [hash],
      )
      if (row === undefined || row.expires_at.getTime() <= now()) return null
      const verifier = unseal(await readSecret(database, secretName), row.site, row.sealed_verifier)
      return { site: row.site, holder: row.holder, verifier }
    },
  }
}
