import {
  type AssetId,
  type ChunkProof,
  chunkStatement,
  decodeHex,
  encodeHex,
  type PeerId,
  receiptStatement,
} from '@peerpress/wire'
import type { AcceptedProof } from '../admission/accepted-proof.ts'
import type { NetworkAccount } from '../admission/networks.ts'
import { isSignedBy } from '../admission/signatures.ts'
import type { EventCounts } from './event-counts.ts'
import type { Handshake } from './handshake.ts'

/** Maximum of accusations of one connection that are examined. An honest peer cannot meet so many liars. */
const maxAccusations = 60

/** Dependencies of a connection's evidence. */
export interface EvidenceContext {
  readonly handshake: Handshake
  readonly counts: EventCounts
  readonly now: () => number
  readonly chunkHash: (asset: AssetId, index: number) => Promise<Uint8Array | null>
  readonly onProof: (proof: AcceptedProof) => Promise<void>
  readonly fail: (error: unknown) => void
}

/** A receipt: the peer signed that it received so many bytes. */
export interface Receipt {
  readonly peer: PeerId
  readonly bytes: number
  readonly signature: string
}

/**
 * Checks the signed statements that one connection sends: proofs of wrong chunks, and receipts. The network's account
 * limits the signatures that are checked.
 */
export class Evidence {
  readonly #context: EvidenceContext
  readonly #account: NetworkAccount
  #accusations = 0

  constructor(context: EvidenceContext, account: NetworkAccount) {
    this.#context = context
    this.#account = account
  }

  /**
   * Bans the peer that a valid proof accuses, whoever sends the proof. Calls `onForged` if the proof proves nothing:
   * the accuser has made it up. A wrong signature is reported at once, before any further message is handled.
   */
  async accuse(accuser: PeerId, proof: ChunkProof, onForged: () => void): Promise<void> {
    const { handshake, counts } = this.#context
    const { peer, asset, index, hash, signature } = proof
    if (++this.#accusations > maxAccusations || handshake.isBanned(peer)) {
      counts.add('accusation-ignored')
      return
    }
    if (!this.#mayCheckSignature()) return
    if (!isSignedBy(peer, chunkStatement(asset, index, decodeHex(hash)), signature)) {
      onForged()
      return
    }
    const published = await this.#chunkHash(asset, index)
    if (published === null) counts.add('accusation-ignored')
    else if (encodeHex(published) !== hash) {
      const site = handshake.ban(peer, accuser)
      if (site !== null) await this.#context.onProof({ site, peer, asset, index })
    } else onForged()
  }

  /** Credits the giver with a receipt. Receipts are cumulative, so one that is not checked now is no loss. */
  claim(giver: PeerId, { peer: taker, bytes, signature }: Receipt): void {
    const { handshake, counts } = this.#context
    const refusal = handshake.claimRefusal(giver, taker, bytes)
    if (refusal !== null) counts.add(refusal)
    else if (!this.#mayCheckSignature()) return
    else if (isSignedBy(taker, receiptStatement(giver, bytes), signature))
      handshake.claim(giver, taker, bytes)
    else counts.add('claim-refused')
  }

  /** Returns null also if the look-up fails: then nobody is banned, and the accuser is not blamed. */
  async #chunkHash(asset: AssetId, index: number): Promise<Uint8Array | null> {
    try {
      return await this.#context.chunkHash(asset, index)
    } catch (error) {
      this.#context.fail(error)
      return null
    }
  }

  #mayCheckSignature(): boolean {
    if (this.#account.mayCheckSignature(this.#context.now())) return true
    this.#context.counts.add('signature-unchecked')
    return false
  }
}
