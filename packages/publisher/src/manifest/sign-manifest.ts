import { sign } from 'node:crypto'
import type { SigningKey } from '@peerpress/registry'
import {
  encodeBase64Url,
  encodeEnvelope,
  encodeManifest,
  type Manifest,
  manifestPayloadType,
  preAuthEncoding,
} from '@peerpress/wire'

/**
 * Returns the manifest in an envelope signed with the site's Ed25519 keys, as JSON. Pages in caches name a former key: a
 * signature of any key that the page names suffices.
 */
export function signManifest(manifest: Manifest, keys: readonly SigningKey[]): string {
  const payload = encodeManifest(manifest)
  const signed = preAuthEncoding(manifestPayloadType, payload)
  return encodeEnvelope({
    payloadType: manifestPayloadType,
    payload,
    signatures: keys.map(({ publicKey, key }) => ({
      keyId: encodeBase64Url(publicKey),
      bytes: Uint8Array.from(sign(null, signed, key)),
    })),
  })
}
