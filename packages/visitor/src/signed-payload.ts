import { decodeBase64Url, decodeEnvelope, preAuthEncoding } from '@peerpress/wire'

/**
 * The payload of an envelope that the site's key signed and that is of this type; null when no signature holds.
 * Throws `WireError` when it is no envelope at all.
 */
export async function signedPayload(
  text: string,
  expected: { readonly type: string; readonly key: string },
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { payloadType, payload, signatures } = decodeEnvelope(text)
  if (payloadType !== expected.type) return null
  const key = await crypto.subtle.importKey('raw', decodeBase64Url(expected.key), 'Ed25519', false, [
    'verify',
  ])
  const signed = preAuthEncoding(payloadType, payload)
  for (const { bytes } of signatures)
    if (await crypto.subtle.verify('Ed25519', key, bytes, signed)) return payload
  return null
}
