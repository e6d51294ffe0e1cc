import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Mode, SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { EventTransactions } from '../outbox/event-transaction.ts'
import { RegistryError } from '../registry-error.ts'
import type { Consent, SiteCredentials } from '../sites/site.ts'
import { normaliseSiteUrl, parseHttpUrl } from '../sites/site-url.ts'
import { connectSite, moveSite, requireFree } from '../sites/sites.ts'

/** How long an approved connection may be redeemed, ms. */
const codeLifetime = 10 * 60 * 1000

export interface ConnectionRequest {
  /** The site's home URL. */
  readonly url: string
  /** Where the browser goes with the code: a page of the site itself. */
  readonly returnUrl: string
  /** PKCE S256 (RFC 7636): base64url of the SHA-256 of the verifier that the site keeps. */
  readonly challenge: string
  /** @default 'full', or what is recorded for a site that is connected again */
  readonly mode?: Mode | undefined
  readonly consent: Consent
  readonly allowPrivateAddresses: boolean
  /** The site that has moved to this URL. @default the site of this URL, or a new one */
  readonly movedSite?: SiteId | undefined
}

/** Connecting a CMS: the operator approves, the site redeems. */
export interface Connections {
  /**
   * Records an approval and gives the code the browser takes back to the site: valid 10 minutes, once.
   * @throws {RegistryError} `invalid-url`, `invalid-challenge`; `site-exists` when a site would move to the URL of another.
   */
  begin(request: ConnectionRequest): Promise<string>
  /**
   * Registers the site and gives its credentials. A site that was connected before, or has moved, stays the same site
   * with a new secret. Null when the code is unknown, used or expired, or the verifier is another's; the
   * code is used up in every case.
   */
  redeem(proof: { readonly code: string; readonly verifier: string }): Promise<SiteCredentials | null>
}

export function createConnections(
  database: Database,
  outbox: EventTransactions,
  now: () => number,
): Connections {
  return {
    begin: async (request) => {
      const url = normaliseSiteUrl(request.url)
      if (parseHttpUrl(request.returnUrl)?.origin !== new URL(url).origin) {
        throw new RegistryError('invalid-url', 'the return URL must be on the site itself')
      }
      if (!/^[A-Za-z0-9_-]{43}$/.test(request.challenge)) {
        throw new RegistryError('invalid-challenge', 'the challenge must be a base64url SHA-256')
      }
      if (request.movedSite !== undefined) await requireFree(database, url, request.movedSite)
      const code = randomBytes(32).toString('base64url')
      await database.query('delete from peerpress.connection where expires_at <= $1', [new Date(now())])
      await database.query(
        `insert into peerpress.connection (code_hash, url, challenge, consent, allow_private_addresses, expires_at, mode,
           moved_site)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          sha256(code),
          url,
          request.challenge,
          request.consent,
          request.allowPrivateAddresses,
          new Date(now() + codeLifetime),
          request.mode ?? null,
          request.movedSite ?? null,
        ],
      )
      return code
    },
    redeem: ({ code, verifier }) =>
      outbox.transaction(async (sql) => {
        const [row] = await sql.query<ConnectionRow>(
          `delete from peerpress.connection where code_hash = $1
           returning url, challenge, consent, mode, allow_private_addresses, expires_at, moved_site`,
          [sha256(code)],
        )
        if (row === undefined || row.expires_at.getTime() <= now()) return null
        if (!timingSafeEqual(sha256(verifier), Buffer.from(row.challenge, 'base64url'))) return null
        const { url, consent, allow_private_addresses: allowPrivateAddresses } = row
        const input = { url, consent, mode: row.mode ?? undefined, allowPrivateAddresses }
        return row.moved_site === null ? connectSite(sql, input, now()) : moveSite(sql, row.moved_site, input)
      }),
  }
}

interface ConnectionRow {
  readonly url: string
  readonly challenge: string
  readonly consent: Consent
  readonly mode: Mode | null
  readonly allow_private_addresses: boolean
  readonly expires_at: Date
  readonly moved_site: SiteId | null
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
