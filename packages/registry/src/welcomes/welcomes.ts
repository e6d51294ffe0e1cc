import type { SiteId } from '@peerpress/wire'
import type { Account, SiteRole } from '../accounts/account.ts'
import { accountColumns, type AccountRow, toAccount } from '../accounts/account.ts'
import { hasAdministrator, lockAdministrators, setPassword } from '../accounts/accounts.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { addMember, requireOwner } from '../memberships/memberships.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/**
 * What a link of one use gives: the first administrator's account, an administrator's account, a role in a site, or a new
 * password. All but the first are for one address.
 */
export type Welcome =
  | { readonly kind: 'first' }
  | { readonly kind: 'administrator' | 'password'; readonly email: string }
  | { readonly kind: 'member'; readonly email: string; readonly site: SiteId; readonly role: SiteRole }

/** An account that a welcome link creates, or the existing one that it is for. */
export type WelcomedAccount =
  /** `password` is null for a person who signs in by an identity provider. */
  | { readonly email: string; readonly name: string; readonly password: string | null }
  | { readonly id: string; readonly password?: string }

/** A link that waits for a person. */
export interface Invitation {
  readonly id: string
  readonly email: string
  /** Null for an administrator. */
  readonly role: SiteRole | null
  /** Null for a link of an earlier release. */
  readonly createdAt: Date | null
  readonly expiresAt: Date
}

/** Links of one use that create accounts and give roles. Their tokens are stored as hashes. */
export interface Welcomes {
  /**
   * Adds a link.
   * @throws {RegistryError} `not-owner` if the account that makes it for a site was closed or ceased to own the site
   */
  add(
    welcome: Welcome,
    link: { readonly hash: Uint8Array; readonly expiresAt: Date; readonly actor: string },
  ): Promise<void>
  /** Returns null if the link is unknown, used or expired. */
  get(hash: Uint8Array): Promise<Welcome | null>
  /**
   * Uses a link up: creates the account, or changes the existing one. Returns null if the link is unknown, used or expired, if
   * the address has an account already, or if a first link comes after the first administrator.
   */
  use(hash: Uint8Array, welcomed: WelcomedAccount): Promise<Account | null>
  /**
   * Uses up every invitation to an address that an identity provider has verified, and creates its account if there is none.
   * Returns null if nobody has invited the address.
   */
  useAll(email: string, name: string): Promise<Account | null>
  /** Returns the invitations to a site that wait, latest first. `site` null: those of administrators. */
  invitations(site: SiteId | null): Promise<Invitation[]>
  /** Ends an invitation to a site. Returns false if the site has no such invitation. `site` null: those of administrators. */
  revoke(key: { readonly id: string; readonly site: SiteId | null }, actor: string): Promise<boolean>
  /** Ends a link that nobody got. */
  cancel(hash: Uint8Array, actor: string): Promise<void>
}

export function createWelcomes(database: Database, now: () => number): Welcomes {
  return {
    add: (welcome, { hash, expiresAt, actor }) =>
      database.transaction(async (sql) => {
        const { email, site, role } = { email: null, site: null, role: null, ...welcome }
        if (site !== null && isRecordId(actor)) await requireOwner(sql, actor, [site])
        await sql.query(
          `insert into peerpress.welcome (hash, kind, email, site, role, expires_at, id, created_at, issued_by)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [hash, welcome.kind, email, site, role, expiresAt, createRecordId(), new Date(now()), actor],
        )
        if (welcome.kind === 'first') return
        await recordAudit(sql, { actor, action: 'welcome.issued', site, subject: email }, now())
      }),
    get: async (hash) => {
      const [row] = await database.query<WelcomeRow>(
        `select ${welcomeColumns} from peerpress.welcome where hash = $1 and expires_at > $2`,
        [hash, new Date(now())],
      )
      return row === undefined ? null : toWelcome(row)
    },
    use: async (hash, welcomed) =>
      database.transaction(async (sql) => {
        await lockAdministrators(sql)
        const [row] = await sql.query<WelcomeRow>(
          `delete from peerpress.welcome where hash = $1 and expires_at > $2 returning ${welcomeColumns}`,
          [hash, new Date(now())],
        )
        if (row === undefined) return null
        const welcome = toWelcome(row)
        if (welcome.kind === 'first') {
          if (await hasAdministrator(sql)) return null
          await sql.query(`delete from peerpress.welcome where kind = 'first'`)
        }
        const account = await openAccount(sql, welcomed, now())
        if (account === null) return null
        await give(sql, { welcome, account, now: now() })
        return readAccount(sql, account)
      }),
    useAll: (email, name) =>
      database.transaction(async (sql) => {
        await lockAdministrators(sql)
        const rows = await sql.query<WelcomeRow & { created_at: Date | null }>(
          `delete from peerpress.welcome where email = $1 and kind in ('administrator', 'member') and expires_at > $2
           returning ${welcomeColumns}, created_at`,
          [email, new Date(now())],
        )
        if (rows.length === 0) return null
        const [open] = await sql.query<{ id: string }>(
          'select id from peerpress.account where email = $1 and closed_at is null',
          [email],
        )
        const account = open?.id ?? (await openAccount(sql, { email, name, password: null }, now()))
        if (account === null) return null
        // The latest role counts, as it does when links are opened one after the other.
        const ordered = rows.toSorted((a, b) => Number(a.created_at) - Number(b.created_at))
        for (const row of ordered) await give(sql, { welcome: toWelcome(row), account, now: now() })
        return readAccount(sql, account)
      }),
    invitations: async (site) => {
      if (site !== null && !isSiteId(site)) return []
      const rows = await database.query<InvitationRow>(
        `select id, email, role, created_at, expires_at from peerpress.welcome
         where kind = $1 and site is not distinct from $2 and expires_at > $3
         order by created_at desc nulls last, id`,
        [kindOf(site), site, new Date(now())],
      )
      return rows.map(({ created_at: createdAt, expires_at: expiresAt, ...row }) => ({
        ...row,
        createdAt,
        expiresAt,
      }))
    },
    revoke: async ({ id, site }, actor) => {
      if (!isRecordId(id) || (site !== null && !isSiteId(site))) return false
      return database.transaction(async (sql) => {
        const [ended] = await sql.query<{ email: string }>(
          `delete from peerpress.welcome where id = $1 and kind = $2 and site is not distinct from $3
           returning email`,
          [id, kindOf(site), site],
        )
        if (ended === undefined) return false
        await recordAudit(sql, { actor, action: 'welcome.revoked', site, subject: ended.email }, now())
        return true
      })
    },
    cancel: (hash, actor) =>
      database.transaction(async (sql) => {
        const [ended] = await sql.query<{ email: string | null; site: SiteId | null }>(
          'delete from peerpress.welcome where hash = $1 returning email, site',
          [hash],
        )
        if (ended === undefined) return
        const { email: subject, site } = ended
        await recordAudit(sql, { actor, action: 'welcome.revoked', site, subject }, now())
      }),
  }
}

/** The kind of an invitation. */
function kindOf(site: SiteId | null): Welcome['kind'] {
  return site === null ? 'administrator' : 'member'
}

/** Gives an account what a link is for. */
async function give(
  sql: Sql,
  { welcome, account, now }: { readonly welcome: Welcome; readonly account: string; readonly now: number },
): Promise<void> {
  if (welcome.kind === 'member') {
    const { site, role } = welcome
    await addMember(sql, { site, account }, { role, now })
    await recordAudit(sql, { actor: 'link', action: 'member.set', site, subject: account }, now)
  }
  if (welcome.kind === 'first' || welcome.kind === 'administrator') {
    await sql.query('update peerpress.account set is_administrator = true where id = $1', [account])
  }
}

async function readAccount(sql: Sql, id: string): Promise<Account | null> {
  const [opened] = await sql.query<AccountRow>(
    `select ${accountColumns} from peerpress.account where id = $1`,
    [id],
  )
  return opened === undefined ? null : toAccount(opened)
}

/** Removes links that have expired. */
export async function forgetWelcomes(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.welcome where expires_at <= $1', [new Date(now)])
}

/** Creates the account or changes the existing one. Returns its id; null if that cannot be done. */
async function openAccount(sql: Sql, welcomed: WelcomedAccount, now: number): Promise<string | null> {
  if ('id' in welcomed) {
    const { id, password } = welcomed
    if (password !== undefined) {
      if (!(await setPassword(sql, id, password))) return null
      await recordAudit(sql, { actor: 'link', action: 'account.password-changed', subject: id }, now)
      return id
    }
    const open = await sql.query('select id from peerpress.account where id = $1 and closed_at is null', [id])
    return open.length > 0 ? id : null
  }
  const { email, name, password } = welcomed
  const [created] = await sql.query<{ id: string }>(
    `insert into peerpress.account (id, email, name, password, is_administrator, created_at)
     values ($1, $2, $3, $4, false, $5) on conflict (email) do nothing returning id`,
    [createRecordId(), email, name, password, new Date(now)],
  )
  if (created === undefined) return null
  await recordAudit(sql, { actor: 'link', action: 'account.created', subject: created.id }, now)
  return created.id
}

const welcomeColumns = 'kind, email, site, role'

interface InvitationRow {
  readonly id: string
  readonly email: string
  readonly role: SiteRole | null
  readonly created_at: Date | null
  readonly expires_at: Date
}

interface WelcomeRow {
  readonly kind: Welcome['kind']
  readonly email: string
  readonly site: SiteId
  readonly role: SiteRole
}

function toWelcome({ kind, email, site, role }: WelcomeRow): Welcome {
  switch (kind) {
    case 'first':
      return { kind }
    case 'administrator':
    case 'password':
      return { kind, email }
    case 'member':
      return { kind, email, site, role }
  }
}
