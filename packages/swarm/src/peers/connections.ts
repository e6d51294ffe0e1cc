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
import { greetingMs } from '../download/scheduler.ts'
import { SwarmError } from '../swarm-error.ts'
import type { Uploads } from '../upload/uploads.ts'

/** ms a peer may take to say hello. */
const helloMs = 10_000

/** A peer that stalled so often is dropped. */
const maxStalls = 2

/**
 * What a message does, by whether its sender has said hello:
 *
 * | message  | before hello            | after hello                                                         |
 * |----------|-------------------------|---------------------------------------------------------------------|
 * | hello    | of our version: ready   | drop                                                                |
 * | bitfield | drop                    | replaces what it held; asset not known yet: remembered; wrong size: drop |
 * | have     | drop                    | one chunk more; asset unknown: ignored; no such chunk: drop         |
 * | request  | drop                    | send-chunk or reject; no such chunk, or already waiting for it: drop |
 * | cancel   | drop                    | its request, if it still waits, is rejected                         |
 * | reject   | drop                    | the chunk is asked elsewhere; not asked for: drop                   |
 * | frame    | drop                    | the next of a chunk we asked for; any other: drop                   |
 * | receipt  | drop                    | shown to the tracker when it says more than the one before          |
 * | bye      | it is gone              | it is gone                                                          |
 *
 * Every drop is for `protocol`. So is that of a peer that says more than anybody has to say, or that time and again does
 * not have what it said it holds. What is no message, for example because it is longer than any (`decodePeerMessage`),
 * comes as `peer-garbage`; one that sends a chunk byte by byte is silent (`progressBytes`). Both sides start with hello and a bitfield for every asset they know, empty ones
 * too: whoever has not told about an asset yet is about to. Messages of a peer that is not connected, because it was
 * dropped or has left, are ignored.
 */
const beforeHello: ReadonlySet<PeerMessage['type']> = new Set(['hello', 'bye'])

type Message<Type extends PeerMessage['type']> = PeerMessage & { readonly type: Type }

type Answer = 'drop' | 'reschedule' | 'nothing new'

/** The peers: who is connected, what they say, who is told what, who is dropped. */
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

  /** @throws {SwarmError} `peer-exists` */
  join(id: PeerId, now: number): void {
    if (this.#peers.has(id)) throw new SwarmError('peer-exists', `${id} is connected`)
    this.#peers.set(id, new Peer(id, now))
    const { manifestVersion } = this.#settings
    this.#send(id, { type: 'hello', version: peerProtocolVersion, manifestVersion })
    for (const map of this.#maps.values()) this.#send(id, bitfieldOf(map))
    this.#outbox.wake(now + greetingMs)
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

  /** Returns whether there may be something new to ask for. */
  hear(id: PeerId, message: PeerMessage, now: number): boolean {
    const peer = this.#peers.get(id)
    if (peer === undefined) return false
    if (message.type !== 'frame' && !peer.mayTalk(now)) {
      this.drop(id, 'protocol')
      return true
    }
    const allowed = peer.ready ? message.type !== 'hello' : beforeHello.has(message.type)
    const answer = allowed ? this.#answer(peer, message, now) : 'drop'
    if (answer === 'drop') this.drop(id, 'protocol')
    return answer !== 'nothing new'
  }

  /** Tells every peer of an asset that has just become known, and learns what they said about it before. */
  introduce(map: ChunkMap): void {
    for (const peer of this.#peers.values()) {
      this.#send(peer.id, bitfieldOf(map))
      const said = peer.takeUnknown(map.asset.id)
      if (said === undefined) continue
      if (said.chunks === map.count) peer.holds(map, said.bits)
      else this.drop(peer.id, 'protocol')
    }
  }

  /** Tells every peer of a chunk that is ours now. */
  announce(map: ChunkMap, index: number): void {
    for (const id of this.#peers.keys()) this.#send(id, { type: 'have', asset: map.asset.id, index })
  }

  /** Acts on silence. */
  tick(now: number): void {
    for (const peer of this.#peers.values()) {
      if (!peer.ready && now >= peer.joinedAt + helloMs) {
        this.drop(peer.id, 'stalled')
      } else if (now >= this.#stallsAt(peer)) {
        this.#downloads.stall(peer)
        if (peer.stalls >= maxStalls) this.drop(peer.id, 'stalled')
      }
    }
  }

  /** When silence, or a pause that ends, next calls for something. */
  dueAt(now: number): number {
    let due = Infinity
    for (const peer of this.#peers.values()) {
      const { ready, joinedAt, busyUntil } = peer
      due = Math.min(due, this.#stallsAt(peer))
      if (!ready) due = Math.min(due, joinedAt + helloMs)
      if (now < joinedAt + greetingMs) due = Math.min(due, joinedAt + greetingMs)
      if (now < busyUntil) due = Math.min(due, busyUntil)
    }
    return due
  }

  #stallsAt(peer: Peer): number {
    return peer.waitingSince + peer.patience(this.#settings.stallMs)
  }

  #answer(peer: Peer, message: PeerMessage, now: number): Answer {
    switch (message.type) {
      case 'hello':
        if (message.version !== peerProtocolVersion) return 'drop'
        peer.ready = true
        return 'nothing new'
      case 'bitfield':
        return this.#hearBitfield(peer, message)
      case 'have':
        return this.#hearHave(peer, message)
      case 'request':
        return this.#hearRequest(peer, message, now)
      case 'cancel':
        this.#uploads.cancel(peer, message.asset, message.index)
        return 'nothing new'
      case 'reject':
        return this.#downloads.reject(peer, message, now) && !peer.isFalse ? 'reschedule' : 'drop'
      case 'frame':
        return this.#downloads.frame(peer, message, now) ? 'nothing new' : 'drop'
      case 'receipt':
        this.#receipts.hear(peer, message)
        return 'nothing new'
      case 'bye':
        this.leave(peer.id)
        return 'reschedule'
    }
  }

  #hearBitfield(peer: Peer, { asset, chunks, bits }: Message<'bitfield'>): Answer {
    if (bits.length !== Math.ceil(chunks / 8)) return 'drop'
    const map = this.#maps.get(asset)
    if (map === undefined) {
      peer.holdsUnknown(asset, chunks, bits)
      return 'nothing new'
    }
    if (chunks !== map.count) return 'drop'
    peer.holds(map, bits)
    return 'reschedule'
  }

  #hearHave(peer: Peer, { asset, index }: Message<'have'>): Answer {
    const map = this.#maps.get(asset)
    if (map === undefined) {
      peer.gainsUnknown(asset, index)
      return 'nothing new'
    }
    if (!map.contains(index)) return 'drop'
    peer.gains(map, index)
    this.#uploads.heard(peer, map, index)
    return map.state(index) === Chunk.missing ? 'reschedule' : 'nothing new'
  }

  #hearRequest(peer: Peer, { asset, index }: Message<'request'>, now: number): Answer {
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
