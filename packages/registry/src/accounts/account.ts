/** What a member of a site may do there; an owner the most. */
export const siteRoles = ['owner', 'editor', 'viewer'] as const
export type SiteRole = (typeof siteRoles)[number]

/** A person who can sign in. */
export interface Account {
  readonly id: string
  /** Lower case; null once the account is closed. */
  readonly email: string | null
  /** Empty once the account is closed. */
  readonly name: string
  readonly isAdministrator: boolean
  readonly createdAt: Date
  /** Null while it is open. A closed account has no e-mail, name, password, sessions, tokens and memberships. */
  readonly closedAt: Date | null
}

/** The columns of an {@link AccountRow}. */
export const accountColumns = 'id, email, name, is_administrator, created_at, closed_at'

export interface AccountRow {
  readonly id: string
  readonly email: string | null
  readonly name: string
  readonly is_administrator: boolean
  readonly created_at: Date
  readonly closed_at: Date | null
}

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    isAdministrator: row.is_administrator,
    createdAt: row.created_at,
    closedAt: row.closed_at,
  }
}
