import type { PeerId, PeerMessage } from '@peerpress/wire'
import type { Outbox } from '../outbox.ts'
import type { Peer } from '../peers/peer.ts'

/** A peer gets a receipt after it sent this many more bytes, … */
const receiptBytes = 1024 * 1024
/** … or this many ms after it sent any. */
const receiptMs = 5000

/** Signed receipts for uploads: ours to peers, and theirs to us, which are sent to the tracker. */
export class Receipts {
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<PeerId, Peer>

  constructor(outbox: Outbox, peers: ReadonlyMap<PeerId, Peer>) {
    this.#outbox = outbox
    this.#peers = peers
  }

  /** Schedules a receipt after a valid chunk of a peer arrived. */
  chunkReceived(peer: Peer, now: number): void {
    if (peer.givenBytes - peer.receiptedBytes >= receiptBytes) this.#write(peer)
    else this.#outbox.wake((peer.receiptAt = Math.min(peer.receiptAt, now + receiptMs)))
  }

  /** Handles a receipt. It counts only if its total is higher than the last one. */
  handleReceipt(peer: Peer, { bytes, signature }: PeerMessage & { readonly type: 'receipt' }): void {
    if (bytes <= peer.signedBytes) return
    peer.signedBytes = bytes
    this.#outbox.push({ type: 'claim', peer: peer.id, bytes, signature: signature.slice() })
  }

  /** Sends the receipts that are due; with Infinity, all that are owed. */
  tick(now: number): void {
    for (const peer of this.#peers.values())
      if (peer.givenBytes > peer.receiptedBytes && now >= peer.receiptAt) this.#write(peer)
  }

  dueAt(): number {
    let due = Infinity
    for (const { receiptAt } of this.#peers.values()) due = Math.min(due, receiptAt)
    return due
  }

  #write(peer: Peer): void {
    peer.receiptedBytes = peer.givenBytes
    peer.receiptAt = Infinity
    this.#outbox.push({ type: 'send-receipt', peer: peer.id, bytes: peer.givenBytes })
  }
}
