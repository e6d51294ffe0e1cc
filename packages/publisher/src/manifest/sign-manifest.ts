import { type KeyObject, sign } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import {
  encodeBase64Url,
  encodeEnvelope,
  encodeManifest,
  type Manifest,
  manifestPayloadType,
  preAuthEncoding,
} from '@peerpress/wire'

/** Returns the manifest in an envelope signed with the site's Ed25519 key, as JSON. */
export function signManifest(manifest: Manifest, site: Site, key: KeyObject): string {
  const payload = encodeManifest(manifest)
  const signature = sign(null, preAuthEncoding(manifestPayloadType, payload), key)
  return encodeEnvelope({
    payloadType: manifestPayloadType,
    payload,
    signatures: [{ keyId: encodeBase64Url(site.publicKey), bytes: Uint8Array.from(signature) }],
  })
}
