import type { AssetId, PeerId, PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import type { ChunkMap } from '../download/chunk-map.ts'
import { Chunk } from '../download/chunk-map.ts'
import type { DropReason } from '../contract.ts'
import type { Downloads } from '../download/downloads.ts'
import type { Settings } from '../engine-options.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import { Peer } from './peer.ts'
import type { Receipts } from '../upload/receipts.ts'
import { bitfieldWaitMs } from '../download/scheduler.ts'
import { SwarmError } from '../swarm-error.ts'
import type { Uploads } from '../upload/uploads.ts'

/** Time that a peer may take to send `hello`, ms. */
const helloTimeoutMs = 10_000

/** Number of stalls after which a peer is dropped. */
const maxStalls = 2

/**
 * The effect of each message, before and after its sender has sent `hello`:
 *
 * | message  | before hello            | after hello                                                              |
 * |----------|-------------------------|--------------------------------------------------------------------------|
 * | hello    | of our version: ready   | drop                                                                     |
 * | bitfield | drop                    | replaces the held chunks; unknown asset: stored; wrong size: drop        |
 * | have     | drop                    | adds a held chunk; unknown asset: ignored; no such chunk: drop           |
 * | request  | drop                    | send-chunk or reject; no such chunk, or a repeated pending request: drop |
 * | cancel   | drop                    | a queued request is rejected                                             |
 * | reject   | drop                    | the chunk is requested elsewhere; not requested: drop                    |
 * | frame    | drop                    | the next frame of a requested chunk; any other: drop                     |
 * | receipt  | drop                    | sent to the tracker if its total is higher than the last one             |
 * | bye      | the peer is gone        | the peer is gone                                                         |
 *
 * Every drop has the reason `protocol`. A peer is also dropped with this reason if it sends too many messages, or if it
 * repeatedly lacks chunks that it announced. Invalid messages, for example overlong ones (`decodePeerMessage`), arrive as
 * `peer-garbage`. A peer that sends a chunk byte by byte counts as silent (`progressBytes`).
 *
 * Both sides start with `hello` and a bitfield for every asset they know, even an empty one. A missing bitfield is
 * therefore about to arrive. Messages of a peer that is not connected, because it was dropped or has left, are ignored.
 */
const beforeHello: ReadonlySet<PeerMessage['type']> = new Set(['hello', 'bye'])

type Message<Type extends PeerMessage['type']> = PeerMessage & { readonly type: Type }

type Effect = 'drop' | 'reschedule' | 'nothing new'

/** The connected peers: handles their messages, announces chunks to them and drops them. */
export class Connections {
  readonly #settings: Settings
  readonly #outbox: Outbox
  readonly #maps: ReadonlyMap<AssetId, ChunkMap>
  readonly #peers: Map<PeerId, Peer>
  readonly #downloads: Downloads
  readonly #uploads: Uploads
  readonly #receipts: Receipts

  constructor(parts: Parts) {
    this.#settings = parts.settings
    this.#outbox = parts.outbox
    this.#maps = parts.maps
    this.#peers = parts.peers
    this.#downloads = parts.downloads
    this.#uploads = parts.uploads
    this.#receipts = parts.receipts
  }

  /**
   * Adds a peer and greets it.
   * @throws {SwarmError} `peer-exists`
   */
  join(id: PeerId, now: number): void {
    if (this.#peers.has(id)) throw new SwarmError('peer-exists', `${id} is connected`)
    this.#peers.set(id, new Peer(id, now))
    const { manifestVersion } = this.#settings
    this.#send(id, { type: 'hello', version: peerProtocolVersion, manifestVersion })
    for (const map of this.#maps.values()) this.#send(id, bitfieldOf(map))
    this.#outbox.wake(now + bitfieldWaitMs)
  }

  leave(id: PeerId): void {
    const peer = this.#peers.get(id)
    if (peer === undefined) return
    this.#peers.delete(id)
    this.#downloads.forget(peer)
    this.#uploads.forget(peer)
  }

  drop(id: PeerId, reason: DropReason): void {
    if (!this.#peers.has(id)) return
    this.#outbox.push({ type: 'drop', peer: id, reason })
    this.#outbox.push({ type: 'report', event: { kind: 'dropped', peer: id, reason } })
    this.leave(id)
  }

  /** Handles a message. Returns whether new requests may be possible. */
  handleMessage(id: PeerId, message: PeerMessage, now: number): boolean {
    const peer = this.#peers.get(id)
    if (peer === undefined) return false
    if (message.type !== 'frame' && !peer.maySend(now)) {
      this.drop(id, 'protocol')
      return true
    }
    const allowed = peer.ready ? message.type !== 'hello' : beforeHello.has(message.type)
    const effect = allowed ? this.#handle(peer, message, now) : 'drop'
    if (effect === 'drop') this.drop(id, 'protocol')
    return effect !== 'nothing new'
  }

  /** Sends every peer the bitfield of a new asset, and applies the bitfields that peers sent for it before. */
  addAsset(map: ChunkMap): void {
    for (const peer of this.#peers.values()) {
      this.#send(peer.id, bitfieldOf(map))
      const stored = peer.takeUnknown(map.asset.id)
      if (stored === undefined) continue
      if (stored.chunks === map.count) peer.setHeld(map, stored.bits)
      else this.drop(peer.id, 'protocol')
    }
  }

  /** Announces a chunk that we now have to every peer. */
  announce(map: ChunkMap, index: number): void {
    for (const id of this.#peers.keys()) this.#send(id, { type: 'have', asset: map.asset.id, index })
  }

  /** Handles peers that were silent for too long. */
  tick(now: number): void {
    for (const peer of this.#peers.values()) {
      if (!peer.ready && now >= peer.joinedAt + helloTimeoutMs) {
        this.drop(peer.id, 'stalled')
      } else if (now >= this.#stallsAt(peer)) {
        this.#downloads.stall(peer)
        if (peer.stalls >= maxStalls) this.drop(peer.id, 'stalled')
      }
    }
  }

  /** Returns the next time at which a silence or a pause needs attention. */
  dueAt(now: number): number {
    let due = Infinity
    for (const peer of this.#peers.values()) {
      const { ready, joinedAt, busyUntil } = peer
      due = Math.min(due, this.#stallsAt(peer))
      if (!ready) due = Math.min(due, joinedAt + helloTimeoutMs)
      if (now < joinedAt + bitfieldWaitMs) due = Math.min(due, joinedAt + bitfieldWaitMs)
      if (now < busyUntil) due = Math.min(due, busyUntil)
    }
    return due
  }

  #stallsAt(peer: Peer): number {
    return peer.waitingSince + peer.stallTimeout(this.#settings.stallMs)
  }

  #handle(peer: Peer, message: PeerMessage, now: number): Effect {
    switch (message.type) {
      case 'hello':
        if (message.version !== peerProtocolVersion) return 'drop'
        peer.ready = true
        return 'nothing new'
      case 'bitfield':
        return this.#handleBitfield(peer, message)
      case 'have':
        return this.#handleHave(peer, message)
      case 'request':
        return this.#handleRequest(peer, message, now)
      case 'cancel':
        this.#uploads.cancel(peer, message.asset, message.index)
        return 'nothing new'
      case 'reject':
        return this.#downloads.reject(peer, message, now) && !peer.isUnreliable ? 'reschedule' : 'drop'
      case 'frame':
        return this.#downloads.frame(peer, message, now) ? 'nothing new' : 'drop'
      case 'receipt':
        this.#receipts.handleReceipt(peer, message)
        return 'nothing new'
      case 'bye':
        this.leave(peer.id)
        return 'reschedule'
    }
  }

  #handleBitfield(peer: Peer, { asset, chunks, bits }: Message<'bitfield'>): Effect {
    if (bits.length !== Math.ceil(chunks / 8)) return 'drop'
    const map = this.#maps.get(asset)
    if (map === undefined) {
      peer.storeUnknown(asset, chunks, bits)
      return 'nothing new'
    }
    if (chunks !== map.count) return 'drop'
    peer.setHeld(map, bits)
    return 'reschedule'
  }

  #handleHave(peer: Peer, { asset, index }: Message<'have'>): Effect {
    const map = this.#maps.get(asset)
    if (map === undefined) {
      peer.addUnknown(asset, index)
      return 'nothing new'
    }
    if (!map.contains(index)) return 'drop'
    peer.addHeld(map, index)
    this.#uploads.chunkAnnounced(peer, map, index)
    return map.state(index) === Chunk.missing ? 'reschedule' : 'nothing new'
  }

  #handleRequest(peer: Peer, { asset, index }: Message<'request'>, now: number): Effect {
    const map = this.#maps.get(asset)
    if (map !== undefined && !map.contains(index)) return 'drop'
    return this.#uploads.request(peer, { asset, map, index }, now) ? 'nothing new' : 'drop'
  }

  #send(peer: PeerId, message: PeerMessage): void {
    this.#outbox.push({ type: 'send', peer, message })
  }
}

function bitfieldOf(map: ChunkMap): Message<'bitfield'> {
  return { type: 'bitfield', asset: map.asset.id, chunks: map.count, bits: map.bits() }
}
