import type { PeerId, PeerMessage } from '@peerpress/wire'
import type { Outbox } from '../outbox.ts'
import type { Peer } from '../peers/peer.ts'

/** A peer gets a receipt when it gave so many bytes more, … */
const receiptBytes = 1024 * 1024
/** … or ms after it gave something at all. */
const receiptMs = 5000

/** Signed receipts for what peers give: ours to them, and theirs to us, which are shown to the tracker. */
export class Receipts {
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<PeerId, Peer>

  constructor(outbox: Outbox, peers: ReadonlyMap<PeerId, Peer>) {
    this.#outbox = outbox
    this.#peers = peers
  }

  /** A valid chunk of a peer came in. */
  gave(peer: Peer, now: number): void {
    if (peer.given - peer.receipted >= receiptBytes) this.#write(peer)
    else this.#outbox.wake((peer.receiptAt = Math.min(peer.receiptAt, now + receiptMs)))
  }

  /** Only one that says more than the one before counts. */
  hear(peer: Peer, { bytes, signature }: PeerMessage & { readonly type: 'receipt' }): void {
    if (bytes <= peer.signed) return
    peer.signed = bytes
    this.#outbox.push({ type: 'claim', peer: peer.id, bytes, signature: signature.slice() })
  }

  /** Writes what is due; at infinity all that is owed. */
  tick(now: number): void {
    for (const peer of this.#peers.values())
      if (peer.given > peer.receipted && now >= peer.receiptAt) this.#write(peer)
  }

  dueAt(): number {
    let due = Infinity
    for (const { receiptAt } of this.#peers.values()) due = Math.min(due, receiptAt)
    return due
  }

  #write(peer: Peer): void {
    peer.receipted = peer.given
    peer.receiptAt = Infinity
    this.#outbox.push({ type: 'send-receipt', peer: peer.id, bytes: peer.given })
  }
}
