import * as v from 'valibot'
import { decodeBase64, encodeBase64 } from './base64.ts'
import { decodeJson } from './json.ts'
import { WireError } from './wire-error.ts'

/** The longest envelope that is read, in characters of JSON. */
export const maxEnvelopeLength = 8 * 1024 * 1024

/**
 * A DSSE envelope (Dead Simple Signing Envelope v1.0.2, secure-systems-lab/dsse): a payload, what it is,
 * and signatures over both.
 */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array<ArrayBuffer>
  readonly signatures: readonly Signature[]
}

export interface Signature {
  /** A hint which key signed; never trusted. */
  readonly keyId: string
  /** Ed25519: 64 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

const envelopeSchema = v.strictObject({
  payloadType: v.pipe(v.string(), v.maxLength(128)),
  payload: v.string(),
  signatures: v.pipe(
    v.array(
      v.strictObject({
        keyid: v.pipe(v.string(), v.maxLength(128)),
        sig: v.pipe(v.string(), v.maxLength(128)),
      }),
    ),
    v.minLength(1),
    v.maxLength(8),
  ),
})

/** The envelope as JSON text. */
export function encodeEnvelope(envelope: Envelope): string {
  return JSON.stringify({
    payloadType: envelope.payloadType,
    payload: encodeBase64(envelope.payload),
    signatures: envelope.signatures.map(({ keyId, bytes }) => ({ keyid: keyId, sig: encodeBase64(bytes) })),
  })
}

/**
 * Reads an envelope. Its signatures are not verified here: hash and signature checks belong to the shells.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeEnvelope(text: string): Envelope {
  const { payloadType, payload, signatures } = decodeJson(envelopeSchema, text, maxEnvelopeLength)
  return {
    payloadType,
    payload: decodeBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => {
      const bytes = decodeBase64(sig)
      if (bytes.length !== 64) throw new WireError('invalid', 'signatures: not 64 bytes', 'signatures')
      return { keyId: keyid, bytes }
    }),
  }
}

/** The bytes a signature covers: DSSE's pre-authentication encoding of payload type and payload. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const type = encoder.encode(payloadType)
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `)
  const bytes = new Uint8Array(head.length + payload.length)
  bytes.set(head)
  bytes.set(payload, head.length)
  return bytes
}
