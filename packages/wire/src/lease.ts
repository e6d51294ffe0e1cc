import * as v from 'valibot'
import { siteIdSchema } from './ids.ts'
import { decodeJson } from './json.ts'

/** `payloadType` of an envelope that holds a lease. */
export const leasePayloadType = 'application/vnd.peerpress.lease.v1+json'

const leaseSchema = v.strictObject({
  site: siteIdSchema,
  /** ms since the Unix epoch by the server's clock: tells an older lease from a newer one, nothing else. */
  issuedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** ms that the worker may stay after it got this, by the reader's own clock. */
  length: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(30 * 24 * 60 * 60 * 1000)),
})

/** How long a site's service worker may stay in a reader's browser without hearing from its server again. */
export type Lease = v.InferOutput<typeof leaseSchema>

/** The lease as the payload of an envelope. */
export function encodeLease({ site, issuedAt, length }: Lease): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ site, issuedAt, length }))
}

/**
 * Reads a lease from an envelope's payload. Verify the envelope's signature first.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeLease(payload: Uint8Array): Lease {
  return decodeJson(leaseSchema, new TextDecoder().decode(payload), 1024)
}
