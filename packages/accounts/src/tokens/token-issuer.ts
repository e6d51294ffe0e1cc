import { type ApiToken, type Registry, RegistryError } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import * as v from 'valibot'
import { AccountError } from '../account-error.ts'
import { nameSchema, readInput } from '../account-input.ts'
import { apiTokenPrefix } from '../principal/credentials.ts'
import { accountOf, actorOf, type Principal, type Scope } from '../principal/principal.ts'
import { drawSecretToken } from '../secret-token.ts'

export interface TokenRequest {
  readonly name: string
  readonly sites: readonly SiteId[]
  readonly scopes: readonly Scope[]
  /** Null for a token that does not expire: only seeds may have one. */
  readonly expiresAt: Date | null
}

/** A new token. Its secret is shown once. */
export interface IssuedToken {
  readonly token: ApiToken
  readonly secret: string
}

/** Makes tokens for programs. The caller has checked that the principal may do so in every site. */
export interface TokenIssuer {
  /** @throws {AccountError} `bad-input`. */
  issue(request: TokenRequest, by: Principal): Promise<IssuedToken>
  /** Ends all tokens of a site's seeds, also those of release 0.1, and returns the secret of a new one. */
  rotateSeeds(site: SiteId, by: Principal): Promise<string>
}

/** ms. A token lives a year at most. */
const maxLifetime = 366 * 86_400_000
/** Maximum number of a token's sites. */
export const maxTokenSites = 100

export function createTokenIssuer(
  { apiTokens }: Pick<Registry, 'apiTokens'>,
  now: () => number,
): TokenIssuer {
  return {
    issue: async ({ name, sites, scopes, expiresAt }, by) => {
      const isSeed = scopes.includes('seed')
      if (sites.length === 0 || sites.length > maxTokenSites) {
        throw new AccountError('bad-input', `sites: name 1 to ${maxTokenSites} sites`)
      }
      if (isSeed && scopes.length > 1) {
        throw new AccountError('bad-input', 'scopes: the token of a seed permits nothing else')
      }
      if (!isSeed) requireLifetime(expiresAt, now())
      const { text, hash } = drawSecretToken()
      const input = {
        ...readInput(v.object({ name: nameSchema }), { name }),
        account: accountOf(by)?.id ?? null,
        sites: [...new Set(sites)],
        // Every other scope works on a site that the token can read.
        scopes: isSeed ? ['seed'] : [...new Set<Scope>(['report.read', ...scopes])],
        expiresAt,
        hash,
      }
      try {
        return { token: await apiTokens.add(input, actorOf(by)), secret: apiTokenPrefix + text }
      } catch (cause) {
        if (!(cause instanceof RegistryError) || cause.code !== 'not-owner') throw cause
        throw new AccountError('bad-input', 'sites: you do not own all of them any more', { cause })
      }
    },
    rotateSeeds: async (site, by) => {
      const { text, hash } = drawSecretToken()
      const token = { name: 'seeds', account: null, sites: [site], scopes: ['seed'], expiresAt: null, hash }
      await apiTokens.rotateSeeds({ ...token, site, scope: 'seed' }, actorOf(by))
      return apiTokenPrefix + text
    },
  }
}

function requireLifetime(expiresAt: Date | null, now: number): void {
  const lifetime = (expiresAt?.getTime() ?? Infinity) - now
  if (lifetime > 0 && lifetime <= maxLifetime) return
  throw new AccountError('bad-input', 'expiresAt: give a moment within a year from now')
}
