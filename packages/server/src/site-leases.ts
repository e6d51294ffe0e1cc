import { sign } from 'node:crypto'
import type { Registry, Site } from '@peerpress/registry'
import {
  encodeBase64Url,
  encodeEnvelope,
  encodeLease,
  leasePayloadType,
  preAuthEncoding,
  type SiteId,
} from '@peerpress/wire'

/** ms that a service worker stays in the browser of a reader who does not return. */
const leaseLength = 7 * 24 * 60 * 60 * 1000
/** ms for which all readers of a site get the same signed lease. */
const reissueAfter = 60 * 60 * 1000

/** Signs the leases of the sites' service workers, each with the key of its site. */
export class SiteLeases {
  readonly #registry: Registry
  readonly #leases = new Map<
    SiteId,
    { readonly issuedAt: number; readonly publicKey: string; readonly envelope: string }
  >()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Returns a lease that begins now for a worker of this site. The site must exist. */
  async issue({ id: site, publicKey }: Pick<Site, 'id' | 'publicKey'>, now: number): Promise<string> {
    const known = this.#leases.get(site)
    const current = encodeBase64Url(publicKey)
    if (known && known.publicKey === current && now - known.issuedAt < reissueAfter && now >= known.issuedAt)
      return known.envelope
    const payload = encodeLease({ site, issuedAt: now, length: leaseLength })
    const signed = preAuthEncoding(leasePayloadType, payload)
    // Pages in caches name a former key.
    const keys = await this.#registry.sites.signingKeys(site)
    const envelope = encodeEnvelope({
      payloadType: leasePayloadType,
      payload,
      signatures: keys.map(({ key }) => ({ keyId: site, bytes: Uint8Array.from(sign(null, signed, key)) })),
    })
    this.#leases.set(site, { issuedAt: now, publicKey: current, envelope })
    return envelope
  }
}
