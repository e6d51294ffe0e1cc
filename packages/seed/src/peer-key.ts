import { createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import {
  type AssetId,
  type ChunkProof,
  chunkStatement,
  encodeBase64Url,
  encodeHex,
  joinStatement,
  type PeerId,
  receiptStatement,
  type TrackerClientMessage,
} from '@peerpress/wire'

/** A peer's key in one swarm, never stored: its public half is the peer's name. */
export class PeerKey {
  readonly id: PeerId
  readonly #key: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.id = publicKey.export({ format: 'jwk' }).x ?? ''
    this.#key = privateKey
  }

  /** The first message to a tracker. */
  join(ticket: string): TrackerClientMessage {
    const signature = encodeBase64Url(this.#sign(joinStatement(ticket)))
    return { type: 'join', ticket, peer: this.id, signature }
  }

  /** Goes with a chunk that has this SHA-256. */
  signChunk(asset: AssetId, index: number, hash: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#sign(chunkStatement(asset, index, hash))
  }

  /** For a peer that gave so many bytes in all. */
  signReceipt(giver: PeerId, bytes: number): Uint8Array<ArrayBuffer> {
    return this.#sign(receiptStatement(giver, bytes))
  }

  #sign(statement: Uint8Array): Uint8Array<ArrayBuffer> {
    return new Uint8Array(sign(null, statement, this.#key))
  }
}

/** The proof that a peer sent bytes of this SHA-256 as a chunk; undefined when it did not sign them. */
export function proofOf(
  { peer, signature }: { readonly peer: PeerId; readonly signature: Uint8Array },
  { asset, index }: { readonly asset: AssetId; readonly index: number },
  hash: Uint8Array,
): ChunkProof | undefined {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: peer }, format: 'jwk' })
    if (!verify(null, chunkStatement(asset, index, hash), key, signature)) return undefined
  } catch {
    // No key.
    return undefined
  }
  return { peer, asset, index, hash: encodeHex(hash), signature: encodeBase64Url(signature) }
}
