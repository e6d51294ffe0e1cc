import { decodeBase64Url, decodeEnvelope, preAuthEncoding } from '@peerpress/wire'
import type { Subtle } from '../platform.ts'

/**
 * Returns the payload of an envelope of this type that the site's key signed; null if no signature holds. Throws
 * `WireError` if the text is not an envelope.
 */
export async function signedPayload(
  text: string,
  expected: { readonly type: string; readonly key: string },
  subtle: Subtle,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { payloadType, payload, signatures } = decodeEnvelope(text)
  if (payloadType !== expected.type) return null
  const key = await subtle.importKey('raw', decodeBase64Url(expected.key), 'Ed25519', false, ['verify'])
  const signed = preAuthEncoding(payloadType, payload)
  for (const { bytes } of signatures) if (await subtle.verify('Ed25519', key, bytes, signed)) return payload
  return null
}
