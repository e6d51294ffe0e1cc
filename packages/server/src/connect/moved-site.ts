import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Registry, Site } from '@peerpress/registry'
import type { ConnectRequest } from './connect-request.ts'

/**
 * Returns the site that a connect request names as moved; null if it names none. A returned text explains what is wrong.
 * Only a CMS with the site's webhook secret may move it, and the operator still has to approve.
 */
export async function findMovedSite(
  { sites }: Pick<Registry, 'sites'>,
  request: ConnectRequest,
): Promise<Site | null | string> {
  if (request.site === undefined) return null
  const [site, secret] = await Promise.all([sites.get(request.site), sites.webhookSecret(request.site)])
  if (site === null || secret === null) return 'The site that moved is not registered here.'
  const proof = Buffer.from(request.proof ?? '', 'base64url')
  const expected = proofOf(secret, request)
  if (proof.length !== expected.length || !timingSafeEqual(proof, expected)) {
    return 'The site that asks is not the one that was connected: it was connected again from elsewhere. Choose "This is a copy" on its settings page, then connect it as a site of its own.'
  }
  if ((await sites.list()).some(({ id, url }) => id !== site.id && url === new URL(request.url).href)) {
    return 'The new address is registered as another site already.'
  }
  return site
}

/** Computes HMAC-SHA256 of `move`, the challenge and the URL, one per line, under the site's webhook secret. */
function proofOf(secret: string, { challenge, url }: ConnectRequest): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(`move\n${challenge}\n${url}`).digest()
}
