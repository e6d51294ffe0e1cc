import type { SiteId } from '../ids.ts'
import { parseJson } from '../encoding/parse-json.ts'
import { countField, fieldsOf, patternField } from '../encoding/fields.ts'
import { siteIdPattern } from '../patterns.ts'

/** `payloadType` of an envelope that holds a lease. */
export const leasePayloadType = 'application/vnd.peerpress.lease.v1+json'

const maxLength = 30 * 24 * 60 * 60 * 1000

/** The time that a site's service worker may stay in a reader's browser without contact to its server. */
export interface Lease {
  readonly site: SiteId
  /** ms since the Unix epoch by the server's clock. It only orders leases by age. */
  readonly issuedAt: number
  /** ms that the worker may stay after it received this lease, by the reader's clock. */
  readonly length: number
}

/** Returns the lease as the payload of an envelope. */
export function encodeLease({ site, issuedAt, length }: Lease): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ site, issuedAt, length }))
}

/**
 * Parses a lease from an envelope's payload. Verify the envelope's signature first.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeLease(payload: Uint8Array): Lease {
  const said = parseJson(new TextDecoder().decode(payload), 1024)
  const { site, issuedAt, length } = fieldsOf(said, ['site', 'issuedAt', 'length'])
  return {
    site: patternField(site, 'site', siteIdPattern),
    issuedAt: countField(issuedAt, 'issuedAt', [0, Number.MAX_SAFE_INTEGER]),
    length: countField(length, 'length', [1, maxLength]),
  }
}
