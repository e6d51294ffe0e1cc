import type { Database, Sql } from '../engines/database.ts'
import { recordAudit } from '../audit/audit.ts'
import { keysetPage, type KeysetQuery, newestFirst, type Placed } from '../keyset/keyset.ts'
import { removeIssuedLinks } from '../memberships/memberships.ts'
import { isRecordId } from '../record-id.ts'
import { type Account, accountColumns, type AccountRow, toAccount } from './account.ts'

/** An open account with its password, for sign-in. */
export interface AccountCredentials {
  readonly account: Account
  /** A PHC string. */
  readonly password: string
}

/** The accounts of this installation. Welcome links create them. */
export interface Accounts {
  get(id: string): Promise<Account | null>
  /** Returns the open account of an address in lower case. */
  byEmail(email: string): Promise<AccountCredentials | null>
  /** Returns the open account of an address in lower case, also one without a password. */
  openByEmail(email: string): Promise<Account | null>
  /** Whether an open account has a password. */
  hasPassword(id: string): Promise<boolean>
  /**
   * Removes the passkeys and the links to identity providers of an open account, and ends its sessions. Returns false if no
   * open account has the id.
   */
  resetSignIn(id: string, actor: string): Promise<boolean>
  /** Returns all open accounts, oldest first. */
  list(): Promise<Account[]>
  /** Returns a page of the open accounts, newest first. */
  page(query: KeysetQuery): Promise<Placed<Account>[]>
  /** Whether there is an open account of an administrator. */
  hasAdministrator(): Promise<boolean>
  /**
   * Replaces the password and ends the account's sessions. Both are stored forms. Returns false if no open account has the id and
   * the former password.
   */
  changePassword(
    id: string,
    forms: { readonly former: string; readonly next: string },
    actor: string,
  ): Promise<boolean>
  /** Replaces the stored form of a password. Returns false if the password was changed in the meantime. */
  rehash(id: string, forms: { readonly former: string; readonly next: string }): Promise<boolean>
  /**
   * Closes an account: its sessions, tokens, memberships and the links that it made end, and its e-mail and name are erased.
   */
  close(id: string, actor: string): Promise<'closed' | 'unknown' | 'last-administrator'>
}

export function createAccounts(database: Database, now: () => number): Accounts {
  return {
    get: async (id) => (isRecordId(id) ? ((await find(database, 'id = $1', [id]))[0] ?? null) : null),
    byEmail: async (email) => {
      const [row] = await database.query<AccountRow & { password: string }>(
        `select ${accountColumns}, password from peerpress.account
         where email = $1 and closed_at is null and password is not null`,
        [email],
      )
      return row === undefined ? null : { account: toAccount(row), password: row.password }
    },
    openByEmail: async (email) =>
      (await find(database, 'email = $1 and closed_at is null', [email]))[0] ?? null,
    hasPassword: async (id) =>
      isRecordId(id) && (await find(database, 'id = $1 and password is not null', [id])).length > 0,
    resetSignIn: (id, actor) =>
      database.transaction(async (sql) => {
        if (!isRecordId(id) || !(await lockOpenAccount(sql, id))) return false
        for (const table of ['passkey', 'identity', 'session']) {
          await sql.query(`delete from peerpress.${table} where account = $1`, [id])
        }
        await recordAudit(sql, { actor, action: 'sign-in.reset', subject: id }, now())
        return true
      }),
    list: () => find(database, 'closed_at is null'),
    page: async (query) => {
      return keysetPage(
        database,
        {
          columns: accountColumns,
          from: 'peerpress.account',
          where: 'closed_at is null',
          order: newestFirst('created_at'),
          read: toAccount,
        },
        query,
      )
    },
    hasAdministrator: () => hasAdministrator(database),
    changePassword: (id, { former, next }, actor) =>
      database.transaction(async (sql) => {
        if (!isRecordId(id) || !(await lockOpenAccount(sql, id))) return false
        const [same] = await find(sql, 'id = $1 and password = $2', [id, former])
        if (same === undefined) return false
        await setPassword(sql, id, next)
        await recordAudit(sql, { actor, action: 'account.password-changed', subject: id }, now())
        return true
      }),
    rehash: async (id, { former, next }) => {
      const replaced = await database.query(
        'update peerpress.account set password = $2 where id = $1 and password = $3 returning id',
        [id, next, former],
      )
      return replaced.length > 0
    },
    close: (id, actor) =>
      database.transaction(async (sql) => {
        if (!isRecordId(id)) return 'unknown'
        await lockAdministrators(sql)
        const [account] = await find(sql, 'id = $1 and closed_at is null', [id])
        if (account === undefined) return 'unknown'
        const others = await find(sql, 'id <> $1 and closed_at is null and is_administrator', [id])
        if (account.isAdministrator && others.length === 0) return 'last-administrator'
        await sql.query(
          `update peerpress.account set email = null, name = '', password = null, is_administrator = false,
             closed_at = $2 where id = $1`,
          [id, new Date(now())],
        )
        for (const table of [
          'session',
          'membership',
          'api_token',
          'connection',
          'passkey',
          'identity',
          'challenge',
          'saved_view',
        ]) {
          await sql.query(`delete from peerpress.${table} where account = $1`, [id])
        }
        if (account.email !== null) {
          await sql.query('delete from peerpress.welcome where email = $1', [account.email])
        }
        await removeIssuedLinks(sql, { account: id, site: null })
        await recordAudit(sql, { actor, action: 'account.closed', subject: id }, now())
        return 'closed'
      }),
  }
}

/** Locks an account until the transaction ends. Returns false if no open account has the id. */
export async function lockOpenAccount(sql: Sql, id: string): Promise<boolean> {
  const open = await sql.query(
    'select id from peerpress.account where id = $1 and closed_at is null for update',
    [id],
  )
  return open.length > 0
}

/** Sets the password of an open account and ends its sessions. */
export async function setPassword(sql: Sql, id: string, password: string): Promise<boolean> {
  const set = await sql.query(
    'update peerpress.account set password = $2 where id = $1 and closed_at is null returning id',
    [id, password],
  )
  await sql.query('delete from peerpress.session where account = $1', [id])
  return set.length > 0
}

export async function hasAdministrator(sql: Sql): Promise<boolean> {
  const rows = await sql.query(
    'select id from peerpress.account where is_administrator and closed_at is null limit 1',
  )
  return rows.length > 0
}

/** Lets one transaction at a time decide who administers the installation. */
export async function lockAdministrators(sql: Sql): Promise<void> {
  await sql.query('select pg_advisory_xact_lock($1)', [administratorsLock])
}

/** Any number that no other lock of the registry has. */
const administratorsLock = 4601

async function find(sql: Sql, where: string, params: readonly unknown[] = []): Promise<Account[]> {
  const rows = await sql.query<AccountRow>(
    `select ${accountColumns} from peerpress.account where ${where} order by created_at, id`,
    params,
  )
  return rows.map(toAccount)
}
