import type { Account, SiteRole } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'

/** The party that a request acts for. The server's entry determines it; no code below reads a header. */
export type Principal =
  /** May do everything. `account` is null for the operator's token. */
  | {
      readonly kind: 'administrator'
      readonly account: Account | null
      /** Absent for the operator's token. */
      readonly session?: PrincipalSession
    }
  /** A signed-in account. `readsAll` if the server shows its reports to everybody. */
  | {
      readonly kind: 'account'
      readonly account: Account
      readonly roles: ReadonlyMap<SiteId, SiteRole>
      readonly readsAll: boolean
      readonly session?: PrincipalSession
    }
  /** A program with an API token. */
  | {
      readonly kind: 'token'
      readonly id: string
      readonly name: string
      readonly scopes: readonly Scope[]
      readonly sites: readonly SiteId[]
    }
  /** Anybody, on a server that shows its reports to everybody. */
  | { readonly kind: 'reader' }
  | { readonly kind: 'nobody' }

/** The session that a person's request came with. */
export interface PrincipalSession {
  readonly id: string
  readonly begunAt: Date
}

/** What an API token can permit. `seed`: tickets for the site's posts, and nothing else. */
export const scopes = [
  'report.read',
  'measurement.export',
  'post.publish',
  'community.share',
  'community.vote',
  'site.configure',
  'seed',
] as const
export type Scope = (typeof scopes)[number]

/** Returns the name of a principal in the audit log. */
export function actorOf(principal: Principal): string {
  switch (principal.kind) {
    case 'administrator':
      return principal.account?.id ?? 'operator'
    case 'account':
      return principal.account.id
    case 'token':
      return `token:${principal.id}`
    case 'reader':
    case 'nobody':
      return principal.kind
  }
}

/** Returns the account that a principal is signed in to, or null. */
export function accountOf(principal: Principal): Account | null {
  return principal.kind === 'administrator' || principal.kind === 'account' ? principal.account : null
}

/** A signed-in account, and the session that its request came with. */
export interface Owner {
  readonly account: Account
  readonly session: PrincipalSession
}

/** Returns whose request it is; null without a session. */
export function ownerOf(principal: Principal): Owner | null {
  if (principal.kind !== 'administrator' && principal.kind !== 'account') return null
  const { account, session } = principal
  return account === null || session === undefined ? null : { account, session }
}
