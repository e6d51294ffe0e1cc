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

const algorithm = 'Ed25519'

/** A reader's key in one swarm, never stored: its public half is the reader's name among peers. */
export class PeerKey {
  readonly #pair = crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])

  constructor() {
    // Whoever needs the key hears it.
    this.#pair.catch(() => {})
  }

  /** The first message to a tracker. */
  async join(ticket: string): Promise<TrackerClientMessage> {
    const signature = encodeBase64Url(await this.#sign(joinStatement(ticket)))
    const { publicKey } = await this.#pair
    const peer = encodeBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)))
    return { type: 'join', ticket, peer, signature }
  }

  /** Goes with a chunk that has this SHA-256. */
  signChunk(asset: AssetId, index: number, hash: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return this.#sign(chunkStatement(asset, index, hash))
  }

  /** For a peer that gave so many bytes in all. */
  signReceipt(giver: PeerId, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#sign(receiptStatement(giver, bytes))
  }

  async #sign(statement: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const { privateKey } = await this.#pair
    return new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, statement))
  }
}

/** The proof that a peer sent bytes of this SHA-256 as a chunk; undefined when it did not sign them. */
export async function proofOf(
  { peer, signature }: { readonly peer: PeerId; readonly signature: Uint8Array },
  { asset, index }: { readonly asset: AssetId; readonly index: number },
  hash: Uint8Array,
): Promise<ChunkProof | undefined> {
  const signed = signature.slice()
  try {
    const key = await crypto.subtle.importKey('raw', decodeBase64Url(peer), algorithm, false, ['verify'])
    if (!(await crypto.subtle.verify(algorithm, key, signed, chunkStatement(asset, index, hash))))
      return undefined
  } catch {
    // No key.
    return undefined
  }
  return { peer, asset, index, hash: encodeHex(hash), signature: encodeBase64Url(signed) }
}
