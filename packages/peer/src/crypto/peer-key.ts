import {
  type AssetId,
  type ChunkProof,
  chunkStatement,
  decodeBase64Url,
  encodeBase64Url,
  encodeHex,
  joinStatement,
  type PeerId,
  receiptStatement,
  type TrackerClientMessage,
} from '@peerpress/wire'
import type { Subtle, SubtleKeyPair } from '../platform.ts'

const algorithm = 'Ed25519'

/** A peer's key in one swarm. It is never stored. Its public half is the peer's name. */
export class PeerKey {
  readonly #subtle: Subtle
  readonly #pair: Promise<SubtleKeyPair>

  constructor(subtle: Subtle) {
    this.#subtle = subtle
    this.#pair = subtle.generateKey(algorithm, false, ['sign', 'verify']) as Promise<SubtleKeyPair>
    // Each use of the key rejects with the same error.
    this.#pair.catch(() => {})
  }

  /** Returns the first message to a tracker. */
  async join(ticket: string): Promise<Extract<TrackerClientMessage, { type: 'join' }>> {
    const signature = encodeBase64Url(await this.#sign(joinStatement(ticket)))
    const { publicKey } = await this.#pair
    const peer = encodeBase64Url(new Uint8Array(await this.#subtle.exportKey('raw', publicKey)))
    return { type: 'join', ticket, peer, signature }
  }

  /** Returns the signature that is sent with a chunk of this SHA-256. */
  signChunk(asset: AssetId, index: number, hash: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#sign(chunkStatement(asset, index, hash))
  }

  /** Returns the signature of a receipt for all bytes that the peer `giver` has sent. */
  signReceipt(giver: PeerId, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#sign(receiptStatement(giver, bytes))
  }

  async #sign(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const { privateKey } = await this.#pair
    return new Uint8Array(await this.#subtle.sign(algorithm, privateKey, statement))
  }
}

/** Returns the proof that a peer sent bytes of this SHA-256 as a chunk; undefined if the peer did not sign them. */
export async function proofOf(
  { peer, signature }: { readonly peer: PeerId; readonly signature: Uint8Array },
  { asset, index, hash }: { readonly asset: AssetId; readonly index: number; readonly hash: Uint8Array },
  subtle: Subtle,
): Promise<ChunkProof | undefined> {
  const signed = signature.slice()
  try {
    const key = await subtle.importKey('raw', decodeBase64Url(peer), algorithm, false, ['verify'])
    if (!(await subtle.verify(algorithm, key, signed, chunkStatement(asset, index, hash)))) return undefined
  } catch {
    // The peer's id is no public key.
    return undefined
  }
  return { peer, asset, index, hash: encodeHex(hash), signature: encodeBase64Url(signed) }
}
