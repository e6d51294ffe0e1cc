import { createHash } from 'node:crypto'
import type { AssetId, ChunkProof, PeerId } from '@peerpress/wire'
import { chunkStatement, decodeBase64Url, decodeHex, encodeBase64Url, encodeHex } from '@peerpress/wire'
import { sameBytes } from './content.testing.ts'

/** Stands in for a signature. Emulated nodes only call it with their own id, so none can forge another's. */
export function sign(peer: PeerId, statement: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha512').update(peer).update(statement).digest())
}

export function hashOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** Returns the proof that a peer sent these bytes; undefined if the signature is not the peer's. */
export function proofOf(
  { peer, signature }: { readonly peer: PeerId; readonly signature: Uint8Array },
  { asset, index }: { readonly asset: AssetId; readonly index: number },
  bytes: Uint8Array,
): ChunkProof | undefined {
  const hash = hashOf(bytes)
  const proof = { peer, asset, index, hash: encodeHex(hash), signature: encodeBase64Url(signature) }
  return isSignedBy(proof) ? proof : undefined
}

/** Returns whether the accused peer made the statement, true or not. */
export function isSignedBy({ peer, asset, index, hash, signature }: ChunkProof): boolean {
  return sameBytes(sign(peer, chunkStatement(asset, index, decodeHex(hash))), decodeBase64Url(signature))
}
