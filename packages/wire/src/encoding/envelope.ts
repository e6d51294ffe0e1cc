import { decodeBase64, encodeBase64 } from './base64.ts'
import { parseJson } from './parse-json.ts'
import { expect, fieldsOf, listField, textField } from './fields.ts'
import { signatureLength } from '../statements.ts'

/** Maximum length of an envelope, characters of JSON. */
export const maxEnvelopeLength = 8 * 1024 * 1024

/**
 * A DSSE envelope (Dead Simple Signing Envelope v1.0.2, secure-systems-lab/dsse): a payload, its type, and signatures
 * over both.
 */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array<ArrayBuffer>
  readonly signatures: readonly Signature[]
}

export interface Signature {
  /** A hint about which key signed. It is never trusted. */
  readonly keyId: string
  /** Ed25519: 64 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

const maxSignatures = 8
const maxTextLength = 128

/** Returns the envelope as JSON text. */
export function encodeEnvelope(envelope: Envelope): string {
  return JSON.stringify({
    payloadType: envelope.payloadType,
    payload: encodeBase64(envelope.payload),
    signatures: envelope.signatures.map(({ keyId, bytes }) => ({ keyid: keyId, sig: encodeBase64(bytes) })),
  })
}

/**
 * Parses an envelope without verifying its signatures. The shells verify hashes and signatures.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeEnvelope(text: string): Envelope {
  const said = parseJson(text, maxEnvelopeLength)
  const { payloadType, payload, signatures } = fieldsOf(said, ['payloadType', 'payload', 'signatures'])
  return {
    payloadType: textField(payloadType, 'payloadType', maxTextLength),
    payload: decodeBase64(textField(payload, 'payload')),
    signatures: listField(signatures, 'signatures', [1, maxSignatures, decodeSignature]),
  }
}

function decodeSignature(value: unknown): Signature {
  const { keyid, sig } = fieldsOf(value, ['keyid', 'sig'])
  const keyId = textField(keyid, 'keyid', maxTextLength)
  const bytes = decodeBase64(textField(sig, 'sig', maxTextLength))
  expect(bytes.length === signatureLength, 'signatures')
  return { keyId, bytes }
}

/** Returns the bytes that a signature covers: DSSE's pre-authentication encoding of payload type and payload. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const type = encoder.encode(payloadType)
  const head = encoder.encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `)
  const bytes = new Uint8Array(head.length + payload.length)
  bytes.set(head)
  bytes.set(payload, head.length)
  return bytes
}
