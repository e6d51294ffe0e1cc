import { sign } from 'node:crypto'
import type { Registry } from '@peerpress/registry'
import { encodeEnvelope, encodeLease, leasePayloadType, preAuthEncoding, type SiteId } from '@peerpress/wire'

/** ms that a service worker stays in a reader's browser that never comes back. */
const leaseLength = 7 * 24 * 60 * 60 * 1000
/** ms for which one signature serves all readers of a site. */
const reissueAfter = 60 * 60 * 1000

/** Signs the leases of the sites' service workers, each with its site's key. */
export class SiteLeases {
  readonly #registry: Registry
  readonly #leases = new Map<SiteId, { readonly issuedAt: number; readonly envelope: string }>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** A lease for a worker of this site, which must exist, from now on. */
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
