import { sign } from 'node:crypto'
import { PublisherError, type SiteClient } from '@peerpress/publisher'
import type { Registry, Site } from '@peerpress/registry'
import { encodeEnvelope, encodeManifest, manifestPayloadType, preAuthEncoding } from '@peerpress/wire'
import { memberAnswer } from './members/prove.ts'

/** Returns an empty manifest of a post, signed with its site's key, as JSON. */
export async function signedManifest(
  registry: Pick<Registry, 'sites'>,
  manifest: {
    readonly site: string
    readonly post: string
    readonly url: string
    readonly version: number
    readonly revoked: boolean
  },
): Promise<string> {
  const payload = encodeManifest({ ...manifest, issuedAt: 0, assets: [] })
  const key = await registry.sites.signingKey(manifest.site)
  const bytes = Uint8Array.from(sign(null, preAuthEncoding(manifestPayloadType, payload), key))
  return encodeEnvelope({
    payloadType: manifestPayloadType,
    payload,
    signatures: [{ keyId: manifest.site, bytes }],
  })
}

/**
 * A client for tests of sites with names that no machine has. Every registered site answers challenges, as its plugin would, and
 * shows a page with its host as title at all other addresses.
 */
export function createMemberWeb(registry: Pick<Registry, 'sites'>): SiteClient {
  const answerOf = async (site: Site, url: URL) => {
    const nonce = url.searchParams.get('nonce')
    if (nonce === null) return { type: 'text/html', body: `<title>A page of ${url.hostname}</title>` }
    const secret = (await registry.sites.webhookSecret(site.id)) ?? ''
    const { hostname: host } = new URL(site.url)
    return { type: 'text/plain', body: memberAnswer(secret, { site: site.id, host, nonce }) }
  }
  return {
    get: async (fetched, address) => {
      const url = new URL(address)
      if (!fetched.origins.includes(url.origin)) throw new PublisherError('foreign-url', 'another origin')
      const site = (await registry.sites.list()).find((one) => new URL(one.url).origin === url.origin)
      if (site === undefined) throw new PublisherError('network', 'no site has this name')
      const { type, body } = await answerOf(site, url)
      const pieces = async function* (limit: number) {
        yield Buffer.from(body).subarray(0, limit)
      }
      return {
        status: 200,
        url,
        header: (name) => (name === 'content-type' ? type : null),
        read: pieces,
        readStart: pieces,
        discard: () => {},
      }
    },
    post: async () => {
      throw new PublisherError('network', 'these sites are only read')
    },
    close: async () => {},
  }
}
