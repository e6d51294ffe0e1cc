import { timingSafeEqual } from 'node:crypto'
import type { Principal } from '@peerpress/accounts'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { derivedSeedToken } from './operator-token.ts'

/**
 * Whether a request comes from a seed of the site: with an API token for seeds, or with a token of release 0.1 until the
 * site's seed tokens are rotated.
 */
export async function isSeedOf(
  site: SiteId,
  request: { readonly principal: Principal; readonly authorization: string | undefined },
  { apiTokens, storedSecret }: Pick<Registry, 'apiTokens' | 'storedSecret'>,
): Promise<boolean> {
  const { principal, authorization } = request
  if (principal.kind === 'token') return principal.scopes.includes('seed') && principal.sites.includes(site)
  const token = /^Bearer ([0-9a-f]{64})$/i.exec(authorization ?? '')?.[1]
  if (token === undefined || !(await apiTokens.hasDerivedSeedTokens(site))) return false
  const key = await storedSecret('derived-seed-key')
  if (key === null) return false
  return timingSafeEqual(Buffer.from(token, 'hex'), Buffer.from(derivedSeedToken(key, site), 'hex'))
}
