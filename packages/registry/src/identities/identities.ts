import type { Account } from '../accounts/account.ts'
import { accountColumns, type AccountRow, toAccount } from '../accounts/account.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { lockOpenAccount } from '../accounts/accounts.ts'
import { removeWay, type WayRemoval } from '../accounts/remove-way.ts'
import { hasSession } from '../sessions/sign-in-proof.ts'

/** A person at an identity provider, who may sign in to an account. */
export interface Identity {
  readonly id: string
  readonly account: string
  /** The provider: its issuer URL. */
  readonly issuer: string
  /** The person's id there. It stays when the address changes. */
  readonly subject: string
  /** The address that the provider last reported, or null. */
  readonly email: string | null
  readonly createdAt: Date
  readonly usedAt: Date
}

export type IdentityInput = Pick<Identity, 'issuer' | 'subject' | 'email'>

/** The links of accounts to persons at an identity provider (OpenID Connect). */
export interface Identities {
  /** Returns the links of an account, oldest first. */
  of(account: string): Promise<Identity[]>
  /** Records a sign-in, and returns the open account of a person; null if there is none. */
  use(identity: IdentityInput): Promise<Account | null>
  /**
   * Links a person to an open account. Returns false if the person is linked to another account, or `session`, which links it,
   * has ended. Null: the person signs in by a verified address.
   */
  link(account: string, identity: IdentityInput, session: string | null): Promise<boolean>
  unlink(key: { readonly id: string; readonly account: string }, actor: string): Promise<WayRemoval>
}

export function createIdentities(database: Database, now: () => number): Identities {
  return {
    of: async (account) => {
      if (!isRecordId(account)) return []
      const rows = await database.query<IdentityRow>(
        `select id, account, issuer, subject, email, created_at, used_at from peerpress.identity
         where account = $1 order by created_at, id`,
        [account],
      )
      return rows.map(({ created_at: createdAt, used_at: usedAt, ...row }) => ({ ...row, createdAt, usedAt }))
    },
    use: async ({ issuer, subject, email }) => {
      const [row] = await database.query<AccountRow>(
        `update peerpress.identity set used_at = $3, email = $4
         from peerpress.account where account.id = identity.account and closed_at is null
           and issuer = $1 and subject = $2
         returning ${accountColumns
           .split(', ')
           .map((column) => `account.${column}`)
           .join(', ')}`,
        [issuer, subject, new Date(now()), email],
      )
      return row === undefined ? null : toAccount(row)
    },
    link: (account, identity, session) =>
      database.transaction(async (sql) => {
        const mayLink =
          session === null ? await lockOpenAccount(sql, account) : await hasSession(sql, account, session)
        return mayLink && linkIdentity(sql, { account, identity, now: now() })
      }),
    unlink: async ({ id, account }, actor) => {
      if (!isRecordId(id)) return 'unknown'
      const removed = {
        table: 'identity',
        id,
        account,
        actor,
        action: 'identity.unlinked',
        now: now(),
      } as const
      return database.transaction((sql) => removeWay(sql, removed))
    },
  }
}

/** Links a person to a locked account within a transaction. Returns false if the person has another account here. */
async function linkIdentity(
  sql: Sql,
  {
    account,
    identity,
    now,
  }: { readonly account: string; readonly identity: IdentityInput; readonly now: number },
): Promise<boolean> {
  const { issuer, subject, email } = identity
  const at = new Date(now)
  const linked = await sql.query(
    `insert into peerpress.identity (id, issuer, subject, account, email, created_at, used_at)
     values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (issuer, subject) do nothing returning id`,
    [createRecordId(), issuer, subject, account, email, at],
  )
  if (linked.length === 0) {
    const same = await sql.query(
      'select id from peerpress.identity where issuer = $1 and subject = $2 and account = $3',
      [issuer, subject, account],
    )
    return same.length > 0
  }
  await recordAudit(sql, { actor: account, action: 'identity.linked', subject: account }, now)
  return true
}

interface IdentityRow extends Omit<Identity, 'createdAt' | 'usedAt'> {
  readonly created_at: Date
  readonly used_at: Date
}
