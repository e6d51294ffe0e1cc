import type { Registry } from '@peerpress/registry'
import { hashOf } from '../secret-token.ts'
import { type Principal, type Scope, scopes } from './principal.ts'

/** The credentials in a request's headers. */
export interface RequestCredentials {
  /** The header `Authorization`. */
  readonly authorization: string | undefined
  /** The token in the session's cookie. */
  readonly session: string | null
}

/** Turns credentials into principals. */
export interface Credentials {
  /** A header `Authorization` counts alone: with a wrong one, a session does not count. */
  principalOf(request: RequestCredentials): Promise<Principal>
}

export function createCredentials(
  { sessions, apiTokens }: Pick<Registry, 'sessions' | 'apiTokens'>,
  {
    isOperatorToken,
    publicReports,
  }: {
    readonly isOperatorToken: (token: string) => Promise<boolean>
    /** Whether reports can be read without credentials. */
    readonly publicReports: boolean
  },
): Credentials {
  const stranger: Principal = { kind: publicReports ? 'reader' : 'nobody' }
  return {
    principalOf: async ({ authorization, session: token }) => {
      if (authorization !== undefined) {
        const bearer = /^Bearer ([\w-]{1,100})$/i.exec(authorization)?.[1]
        if (bearer === undefined) return stranger
        if (await isOperatorToken(bearer)) return { kind: 'administrator', account: null }
        const hash = apiTokenHash(bearer)
        const found = hash === null ? null : await apiTokens.find(hash)
        if (found === null) return stranger
        const { id, name, sites } = found
        return { kind: 'token', id, name, sites, scopes: found.scopes.filter(isScope) }
      }
      const hash = hashOf(token)
      const signedIn = hash === null ? null : await sessions.find(hash)
      if (signedIn === null) return stranger
      const { account, roles, id, begunAt } = signedIn
      const session = { id, begunAt }
      return account.isAdministrator
        ? { kind: 'administrator', account, session }
        : { kind: 'account', account, roles, readsAll: publicReports, session }
    },
  }
}

/** Programs that look for leaked secrets find tokens by it. */
export const apiTokenPrefix = 'pp_'

/** Returns the hash of an API token; null if none has this form. */
function apiTokenHash(token: string): Buffer | null {
  return token.startsWith(apiTokenPrefix) ? hashOf(token.slice(apiTokenPrefix.length)) : null
}

/** A later release may have more scopes. */
function isScope(scope: string): scope is Scope {
  return (scopes as readonly string[]).includes(scope)
}
