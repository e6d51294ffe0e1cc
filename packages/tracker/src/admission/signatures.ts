import { createPublicKey, verify } from 'node:crypto'
import { decodeBase64Url, type PeerId } from '@peerpress/wire'

/** Whether a peer's key signed the statement; false if the peer's id is not a key. `signature`: base64url. */
export function isSignedBy(peer: PeerId, statement: Uint8Array, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: peer }, format: 'jwk' })
    return verify(null, statement, key, decodeBase64Url(signature))
  } catch {
    return false
  }
}
