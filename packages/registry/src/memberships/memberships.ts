import type { SiteId } from '@peerpress/wire'
import type { Account, SiteRole } from '../accounts/account.ts'
import { accountColumns, type AccountRow, toAccount } from '../accounts/account.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { isRecordId } from '../record-id.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'

/** An account with a role in a site. */
export interface Member {
  readonly site: SiteId
  readonly account: Account
  readonly role: SiteRole
  readonly since: Date
}

/** The roles of accounts in sites. */
export interface Memberships {
  /** Returns the members of a site, oldest first. */
  of(site: SiteId): Promise<Member[]>
  /** Returns a page of the members of a site, newest first. */
  page(site: SiteId, query: KeysetQuery): Promise<Placed<Member>[]>
  /**
   * Changes the role of a member. The tokens and links that it made for the site, and the links that it got, end unless it is
   * an owner now. Returns null if the account is not a member of the site.
   */
  setRole(member: MemberKey, role: SiteRole, actor: string): Promise<Member | null>
  /**
   * Removes a member with the tokens and links that it made for the site, and the links that it got. Returns false if it was
   * no member.
   */
  remove(member: MemberKey, actor: string): Promise<boolean>
}

export interface MemberKey {
  readonly site: SiteId
  readonly account: string
}

export function createMemberships(database: Database, now: () => number): Memberships {
  return {
    of: async (site) => (isSiteId(site) ? findMembers(database, 'site = $1', [site]) : []),
    page: async (site, query) => {
      if (!isSiteId(site)) return []
      return keysetPage(
        database,
        {
          columns: memberColumns,
          from: membersFrom,
          where: 'site = $1',
          params: [site],
          order: newestFirst('membership.created_at', 'account.id'),
          read: memberOf,
        },
        query,
      )
    },
    setRole: async ({ site, account }, role, actor) => {
      if (!isSiteId(site) || !isRecordId(account)) return null
      return database.transaction(async (sql) => {
        const [changed] = await sql.query(
          'update peerpress.membership set role = $3 where site = $1 and account = $2 returning site',
          [site, account, role],
        )
        if (changed === undefined) return null
        if (role !== 'owner') await endInvitations(sql, { site, account })
        if (role !== 'owner') await endOwnership(sql, { site, account })
        await recordAudit(sql, { actor, action: 'member.set', site, subject: account }, now())
        return (await findMembers(sql, 'site = $1 and membership.account = $2', [site, account]))[0] ?? null
      })
    },
    remove: async ({ site, account }, actor) => {
      if (!isSiteId(site) || !isRecordId(account)) return false
      return database.transaction(async (sql) => {
        const [removed] = await sql.query(
          'delete from peerpress.membership where site = $1 and account = $2 returning site',
          [site, account],
        )
        if (removed === undefined) return false
        await endInvitations(sql, { site, account })
        await endOwnership(sql, { site, account })
        await recordAudit(sql, { actor, action: 'member.removed', site, subject: account }, now())
        return true
      })
    },
  }
}

/** Gives an account a role in a site, within a transaction. */
export async function addMember(
  sql: Sql,
  { site, account }: MemberKey,
  { role, now }: { readonly role: SiteRole; readonly now: number },
): Promise<void> {
  await sql.query(
    `insert into peerpress.membership (account, site, role, created_at) values ($1, $2, $3, $4)
     on conflict (account, site) do update set role = excluded.role`,
    [account, site, role, new Date(now)],
  )
  if (role !== 'owner') await endOwnership(sql, { site, account })
}

/** Whether an open account owns the site. */
export async function isOwner(sql: Sql, { site, account }: MemberKey): Promise<boolean> {
  const rows = await sql.query(
    `select 1 from peerpress.membership where site = $1 and account = $2 and role = 'owner'`,
    [site, account],
  )
  return rows.length > 0
}

/**
 * Requires that an account owns sites, or is an administrator. The locks make a change of the account or its roles wait, so that
 * the change ends the token or link, too, that this transaction adds.
 * @throws {RegistryError} `not-owner`
 */
export async function requireOwner(sql: Sql, account: string, sites: readonly SiteId[]): Promise<void> {
  const [open] = await sql.query<{ is_administrator: boolean }>(
    'select is_administrator from peerpress.account where id = $1 and closed_at is null for share',
    [account],
  )
  const owned = await sql.query(
    `select site from peerpress.membership
     where account = $1 and role = 'owner' and site = any($2) for share`,
    [account, sites],
  )
  if (open?.is_administrator === true || (open !== undefined && owned.length === new Set(sites).size)) return
  throw new RegistryError('not-owner', 'the account does not own all sites any more')
}

/** Removes the links to an account, each of which would give it a role in the site again. */
async function endInvitations(sql: Sql, { site, account }: MemberKey): Promise<void> {
  await sql.query(
    `delete from peerpress.welcome where kind = 'member' and site = $1
       and email in (select email from peerpress.account where id = $2)`,
    [site, account],
  )
}

/** Removes the tokens and links that an account made for a site: they may do at most what their maker may do. */
async function endOwnership(sql: Sql, { site, account }: MemberKey): Promise<void> {
  await sql.query(
    `delete from peerpress.api_token_site where site = $1
       and token in (select id from peerpress.api_token where account = $2)`,
    [site, account],
  )
  await removeIssuedLinks(sql, { account, site })
}

/**
 * Removes the links that an account made: those for one site, or all. The log names the address of each, so a link that
 * somebody else made for the same address and site ends, too.
 */
export async function removeIssuedLinks(
  sql: Sql,
  { account, site }: { readonly account: string; readonly site: SiteId | null },
): Promise<void> {
  await sql.query(
    `delete from peerpress.welcome using peerpress.audit_event issued
     where issued.actor = $1 and issued.action = 'welcome.issued' and issued.subject = welcome.email
       and issued.site is not distinct from welcome.site and ($2::text is null or welcome.site = $2)`,
    [account, site],
  )
}

async function findMembers(sql: Sql, where: string, params: readonly unknown[]): Promise<Member[]> {
  const rows = await sql.query<MemberRow>(
    `select ${memberColumns} from ${membersFrom} where ${where} order by since, account.id`,
    params,
  )
  return rows.map(memberOf)
}

const memberColumns = `site, role, membership.created_at as since, ${accountColumns
  .split(', ')
  .map((column) => `account.${column}`)
  .join(', ')}`

const membersFrom = 'peerpress.membership join peerpress.account on account.id = membership.account'

type MemberRow = AccountRow & { readonly site: SiteId; readonly role: SiteRole; readonly since: Date }

function memberOf(row: MemberRow): Member {
  return { site: row.site, account: toAccount(row), role: row.role, since: row.since }
}
