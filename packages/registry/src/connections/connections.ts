import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Mode, SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { EventTransaction, EventTransactions } from '../outbox/event-transaction.ts'
import { RegistryError } from '../registry-error.ts'
import type { Consent, SiteCredentials } from '../sites/site.ts'
import { normaliseSiteUrl, parseHttpUrl } from '../sites/site-url.ts'
import { connectSite, moveSite, requireFree } from '../sites/sites.ts'
import { recordAudit } from '../audit/audit.ts'
import { addMember, isOwner } from '../memberships/memberships.ts'

/** How long an approved connection may be redeemed, ms. */
const codeLifetime = 10 * 60 * 1000

export interface ConnectionRequest {
  /** The site's home URL. */
  readonly url: string
  /** Where the browser goes with the code: a page of the site itself. */
  readonly returnUrl: string
  /** PKCE S256 (RFC 7636): base64url of the SHA-256 of the verifier, which only the site knows. */
  readonly challenge: string
  /** @default 'full', or what is recorded for a site that is connected again */
  readonly mode?: Mode | undefined
  readonly consent: Consent
  readonly allowPrivateAddresses: boolean
  /** The site that has moved to this URL. @default the site of this URL, or a new one */
  readonly movedSite?: SiteId | undefined
  /**
   * The account that approved, which owns the site from then on. Its approval proves nothing about the domain.
   * @default an administrator approved, for whom no proof is needed
   */
  readonly account?: string | undefined
}

/** Fetches the challenge of a pending connection from its site. Resolves to whether the site has it. */
export type ProveSite = (pending: { readonly url: string; readonly challenge: string }) => Promise<boolean>

/** Connecting a CMS: a person approves, the site redeems. */
export interface Connections {
  /**
   * Records an approval and returns the code that the browser carries back to the site. The code is valid once, for 10
   * minutes.
   * @throws {RegistryError} `invalid-url`, `invalid-challenge`; `site-exists` if another site has the URL that the site would move to.
   */
  begin(request: ConnectionRequest): Promise<string>
  /**
   * Registers the site and returns its credentials. A site that was connected before, or has moved, stays the same site and
   * gets a new secret. Returns null if the code is unknown, used or expired, or the verifier does not match. The code is
   * used up in every case.
   * @param prove called unless an administrator approved. Without it, only codes of administrators are redeemed.
   * @throws {RegistryError} `unproven`; `not-owner` if the account that approved does not own the registered site.
   */
  redeem(
    proof: { readonly code: string; readonly verifier: string },
    prove?: ProveSite,
  ): Promise<SiteCredentials | null>
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
           moved_site, account)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          sha256(code),
          url,
          request.challenge,
          request.consent,
          request.allowPrivateAddresses,
          new Date(now() + codeLifetime),
          request.mode ?? null,
          request.movedSite ?? null,
          request.account ?? null,
        ],
      )
      return code
    },
    redeem: async ({ code, verifier }, prove = async () => false) => {
      const [row] = await database.query<ConnectionRow>(
        `delete from peerpress.connection where code_hash = $1
         returning url, challenge, consent, mode, allow_private_addresses, expires_at, moved_site, account`,
        [sha256(code)],
      )
      if (row === undefined || row.expires_at.getTime() <= now()) return null
      if (!timingSafeEqual(sha256(verifier), Buffer.from(row.challenge, 'base64url'))) return null
      // The site is fetched outside of a transaction, which would hold up all others meanwhile.
      if (row.account !== null && !(await prove(row))) {
        throw new RegistryError('unproven', `${row.url} does not answer the challenge of this connection`)
      }
      return outbox.transaction((sql) => connect(sql, row, now()))
    },
  }
}

async function connect(
  sql: EventTransaction,
  row: ConnectionRow,
  now: number,
): Promise<SiteCredentials | null> {
  const { url, consent, account, allow_private_addresses: allowPrivateAddresses } = row
  if (account !== null) await requireOwner(sql, { ...row, account })
  const input = { url, consent, mode: row.mode ?? undefined, allowPrivateAddresses }
  const connected =
    row.moved_site === null ? await connectSite(sql, input, now) : await moveSite(sql, row.moved_site, input)
  if (connected === null) return null
  const site = connected.site.id
  if (account !== null) await addMember(sql, { site, account }, { role: 'owner', now })
  await recordAudit(sql, { actor: account ?? 'operator', action: 'site.approved', site, subject: url }, now)
  return connected
}

/** @throws {RegistryError} `not-owner` unless the site is new or the account owns it. */
async function requireOwner(
  sql: EventTransaction,
  { url, account, moved_site }: ConnectionRow & { readonly account: string },
): Promise<void> {
  const open = await sql.query('select id from peerpress.account where id = $1 and closed_at is null', [
    account,
  ])
  const registered = await sql.query<{ id: SiteId }>(
    'select id from peerpress.site where url = $1 or id = $2',
    [url, moved_site],
  )
  const owned = await Promise.all(registered.map(({ id }) => isOwner(sql, { site: id, account })))
  if (open.length === 0 || owned.includes(false)) {
    throw new RegistryError(
      'not-owner',
      `${url} is registered, and the account that approved does not own it`,
    )
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
  readonly account: string | null
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
