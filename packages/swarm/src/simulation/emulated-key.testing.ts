import { createHash } from 'node:crypto'
import type { AssetId, ChunkProof, PeerId } from '@peerpress/wire'
import { chunkStatement, decodeBase64Url, decodeHex, encodeBase64Url, encodeHex } from '@peerpress/wire'
import { sameBytes } from './content.testing.ts'

/** Stands for a signature: nobody on the emulated network makes another's, since nobody calls this with its id. */
export function sign(peer: PeerId, statement: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha512').update(peer).update(statement).digest())
}

export function hashOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest())
}

/** The proof that a peer sent these bytes; undefined when the signature that came with them is not its own. */
export function proofOf(
  { peer, signature }: { readonly peer: PeerId; readonly signature: Uint8Array },
  { asset, index }: { readonly asset: AssetId; readonly index: number },
  bytes: Uint8Array,
): ChunkProof | undefined {
  const hash = hashOf(bytes)
  const proof = { peer, asset, index, hash: encodeHex(hash), signature: encodeBase64Url(signature) }
  return isSignedBy(proof) ? proof : undefined
}

/** Whether the accused made the statement, true or not. */
export function isSignedBy({ peer, asset, index, hash, signature }: ChunkProof): boolean {
  return sameBytes(sign(peer, chunkStatement(asset, index, decodeHex(hash))), decodeBase64Url(signature))
}
