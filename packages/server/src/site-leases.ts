import { sign } from 'node:crypto'
import type { Registry } from '@peerpress/registry'
import { encodeEnvelope, encodeLease, leasePayloadType, preAuthEncoding, type SiteId } from '@peerpress/wire'

/** ms that a service worker stays in the browser of a reader who does not return. */
const leaseLength = 7 * 24 * 60 * 60 * 1000
/** ms for which all readers of a site get the same signed lease. */
const reissueAfter = 60 * 60 * 1000

/** Signs the leases of the sites' service workers, each with the key of its site. */
export class SiteLeases {
  readonly #registry: Registry
  readonly #leases = new Map<SiteId, { readonly issuedAt: number; readonly envelope: string }>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Returns a lease that begins now for a worker of this site. The site must exist. */
  async issue(site: SiteId, now: number): Promise<string> {
    const known = this.#leases.get(site)
    if (known && now - known.issuedAt < reissueAfter && now >= known.issuedAt) return known.envelope
    const payload = encodeLease({ site, issuedAt: now, length: leaseLength })
    const key = await this.#registry.sites.signingKey(site)
    const signature = sign(null, preAuthEncoding(leasePayloadType, payload), key)
    const envelope = encodeEnvelope({
      payloadType: leasePayloadType,
      payload,
      signatures: [{ keyId: site, bytes: Uint8Array.from(signature) }],
    })
    this.#leases.set(site, { issuedAt: now, envelope })
    return envelope
  }
}
