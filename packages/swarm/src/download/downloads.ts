import type { AssetId, PeerMessage } from '@peerpress/wire'
import { Assembly } from './assembly.ts'
import type { ChunkMap, ChunkRequest } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { ChunkSource } from '../contract.ts'
import { Inflow } from './inflow.ts'
import type { Outbox } from '../outbox.ts'
import type { Peer } from '../peers/peer.ts'
import { SwarmError } from '../swarm-error.ts'

/** A chunk whose bytes are complete and that the shell is hashing. */
export interface Verification {
  readonly map: ChunkMap
  readonly index: number
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly source: ChunkSource
  /** The only author of the bytes, if they came from a peer. */
  readonly peer: Peer | undefined
  /** The signature that the peer sent with the bytes. */
  readonly signature?: Uint8Array
  /**
   * Whether the bytes are the response to a `fetch`. If they are wrong, the origin serves something else than the
   * manifest lists.
   */
  readonly fetched: boolean
}

/** Chunks in flight: requested, assembled, verified. The scheduler decides what to request. */
export class Downloads {
  readonly inflow = new Inflow()
  readonly #outbox: Outbox
  readonly #verifications = new Map<number, Verification>()
  #lastVerification = 0

  constructor(outbox: Outbox) {
    this.#outbox = outbox
  }

  request(peer: Peer, map: ChunkMap, at: { readonly index: number; readonly now: number }): void {
    const assembly = new Assembly(peer, map, at)
    const { index } = at
    map.move(index, Chunk.requested)
    map.requests.set(index, assembly)
    peer.addRequest(assembly)
    this.#outbox.push({
      type: 'send',
      peer: peer.id,
      message: { type: 'request', asset: map.asset.id, index },
    })
  }

  fetch(map: ChunkMap, first: number, last: number): void {
    for (let index = first; index <= last; index++) map.move(index, Chunk.fetching)
    this.#outbox.push({ type: 'fetch', asset: map.asset.id, first, last })
  }

  /** Also fetches a chunk from the origin that is requested from a peer. The first complete and valid copy counts. */
  hedge(map: ChunkMap, index: number): void {
    map.hedged.add(index)
    this.#outbox.push({ type: 'fetch', asset: map.asset.id, first: index, last: index })
  }

  /** Cancels a request to a peer. The peer still owes a response. */
  cancel(assembly: ChunkRequest): void {
    const { peer, map, index } = assembly
    peer.cancel(assembly)
    this.#release(assembly)
    this.#reportWasted(peer.source, assembly.received)
    this.#outbox.push({
      type: 'send',
      peer: peer.id,
      message: { type: 'cancel', asset: map.asset.id, index },
    })
  }

  /** Cancels all requests to a peer that sent nothing for too long. */
  stall(peer: Peer): void {
    peer.stalls++
    for (const assembly of peer.requests) {
      if (assembly.cancelled) continue
      assembly.map.countLoss(assembly.index)
      this.cancel(assembly)
    }
  }

  /** Removes a peer that is gone and reopens the chunks requested from it. */
  forget(peer: Peer): void {
    for (const assembly of peer.requests) {
      if (assembly.cancelled) continue
      assembly.map.countLoss(assembly.index)
      this.#release(assembly)
    }
    peer.leave()
  }

  /** Handles a frame. Returns false if it was not requested from this peer. */
  frame(peer: Peer, frame: PeerMessage & { readonly type: 'frame' }, now: number): boolean {
    const assembly = find(peer, frame.asset, frame.index)
    if (assembly === undefined) return false
    const progress = assembly.add(frame, now)
    if (progress === 'wrong') return false
    if (assembly.cancelled) this.#reportWasted(peer.source, frame.payload.length)
    this.inflow.addFromPeer(frame.payload.length, now)
    peer.payloadReceived(frame.payload.length, now)
    if (progress === 'part') return true
    const { map, index } = assembly
    peer.complete(assembly, now)
    if (assembly.cancelled) {
      peer.addHeld(map, index)
      return true
    }
    map.requests.delete(index)
    peer.verifying++
    this.#verify({ map, index, ...assembly.take(), source: peer.source, peer, fetched: false })
    return true
  }

  /** Handles a reject. Returns false if the chunk was not requested from this peer. */
  reject(
    peer: Peer,
    { asset, index, reason }: PeerMessage & { readonly type: 'reject' },
    now: number,
  ): boolean {
    const assembly = find(peer, asset, index)
    if (assembly === undefined) return false
    const { map } = assembly
    peer.removeRequest(assembly)
    if (assembly.cancelled) {
      if (reason === 'busy') peer.addHeld(map, index)
      return true
    }
    map.countLoss(index)
    this.#release(assembly)
    if (reason === 'missing') {
      peer.markDenied(map, index)
    } else {
      peer.markBusy(now)
      this.#outbox.wake(peer.busyUntil)
    }
    return true
  }

  /**
   * Accepts a whole chunk from the origin or from this device. A chunk that is present or being verified is not
   * processed again. Returns false if the length is wrong.
   */
  accept(offered: Omit<Verification, 'peer'>, now: number): boolean {
    const { map, index, bytes, source, fetched } = offered
    if (fetched) this.inflow.addFromOrigin(bytes.length, now)
    const state = map.state(index)
    if (fetched) map.hedged.delete(index)
    if (state === Chunk.have || state === Chunk.verifying) {
      if (fetched) this.#reportWasted(source, bytes.length)
      return true
    }
    if (bytes.length !== map.length(index)) {
      if (fetched && state === Chunk.fetching) map.move(index, Chunk.missing)
      this.#reportRejected(source, bytes.length)
      return false
    }
    const assembly = map.requests.get(index)
    if (assembly !== undefined) this.cancel(assembly)
    this.#verify({ ...offered, peer: undefined })
    return true
  }

  fetchFailed(map: ChunkMap, first: number, last: number): void {
    for (let index = first; index <= last; index++) {
      if (map.state(index) === Chunk.fetching) map.move(index, Chunk.missing)
      else if (!map.hedged.delete(index)) continue
      map.setOriginFailed(index)
    }
  }

  /**
   * Ends a verification: a valid chunk is stored, an invalid one is missing again.
   * @throws {SwarmError} `unknown-verification`
   */
  verified(id: number, valid: boolean): Verification {
    const verification = this.#verifications.get(id)
    if (verification === undefined)
      throw new SwarmError('unknown-verification', `verification ${id} is not pending`)
    this.#verifications.delete(id)
    const { map, index, bytes, source, peer } = verification
    if (peer !== undefined) peer.verifying--
    if (valid) {
      map.markStored(index, source)
      if (map.hedged.delete(index)) this.#outbox.push({ type: 'cancel-fetch', asset: map.asset.id, index })
      if (peer !== undefined) peer.givenBytes += bytes.length
      this.#outbox.push({ type: 'store', asset: map.asset.id, index, bytes })
      this.#outbox.push({ type: 'report', event: { kind: 'received', source, bytes: bytes.length } })
    } else {
      this.#reopen(map, index)
      if (peer !== undefined) map.countLoss(index)
      this.#reportRejected(source, bytes.length)
    }
    return verification
  }

  #verify(verification: Verification): void {
    const id = ++this.#lastVerification
    const { map, index, bytes, peer, signature } = verification
    map.move(index, Chunk.verifying)
    this.#verifications.set(id, verification)
    const claimed = peer && signature && { peer: peer.id, signature }
    this.#outbox.push({ type: 'verify', verification: id, asset: map.asset.id, index, bytes, claimed })
  }

  #release({ map, index }: ChunkRequest): void {
    map.requests.delete(index)
    this.#reopen(map, index)
  }

  #reopen(map: ChunkMap, index: number): void {
    map.move(index, map.hedged.delete(index) ? Chunk.fetching : Chunk.missing)
  }

  #reportWasted(source: ChunkSource, bytes: number): void {
    if (bytes > 0) this.#outbox.push({ type: 'report', event: { kind: 'wasted', source, bytes } })
  }

  #reportRejected(source: ChunkSource, bytes: number): void {
    this.#outbox.push({ type: 'report', event: { kind: 'rejected', source, bytes } })
  }
}

function find(peer: Peer, asset: AssetId, index: number): ChunkRequest | undefined {
  return peer.requests.find((assembly) => assembly.index === index && assembly.map.asset.id === asset)
}
