import type { AssetId, PeerId, RejectReason } from '@peerpress/wire'
import type { ChunkMap } from '../download/chunk-map.ts'
import { Chunk } from '../download/chunk-map.ts'
import type { EngineInput } from '../contract.ts'
import type { Settings } from '../engine-options.ts'
import type { Outbox } from '../outbox.ts'
import type { Peer } from '../peers/peer.ts'
import { SeedingScore } from './seeding-score.ts'

/** Maximum number of queued requests: of all peers, and of one. */
const maxQueued = 64
const maxQueuedPerPeer = 16

/** Number of chunks that a new peer gets before it counts as a free-rider, so that it has something to share. */
const creditChunks = 1

/** One slot in `optimisticEvery` goes to the longest-waiting peer, even a free-rider. */
const optimisticEvery = 16

/** The limits of uploads. */
type Allowance = Extract<EngineInput, { type: 'upload-allowance' }>

interface Upload {
  readonly peer: Peer
  readonly map: ChunkMap
  readonly index: number
  readonly requestedAt: number
  sending: boolean
}

/**
 * Decides which peers to serve. Peers that sent us chunks or passed ours on come first, then peers with something to
 * offer, then newcomers, then the others, first come, first served. No peer is shut out: every so often a slot goes to
 * the longest-waiting peer. Every request is answered by a chunk or a reject.
 */
export class Uploads {
  readonly #outbox: Outbox
  readonly #settings: Settings
  readonly #seedingScore = new SeedingScore()
  /** Uploads in order of arrival, both those being sent and those queued. */
  readonly #uploads: Upload[] = []
  #started = 0
  #now = -Infinity
  #slots: number
  /** bytes/ms */
  #rate: number
  /** Bytes that may still be sent. */
  #allowance = Infinity
  /** Time from which the rate allows the next chunk. */
  #freeAt = -Infinity

  constructor(outbox: Outbox, settings: Settings) {
    this.#outbox = outbox
    this.#settings = settings
    this.#slots = settings.maxUploads
    this.#rate = settings.uploadRate
  }

  /** Handles a request. Returns false if the peer already waits for this chunk. */
  request(
    peer: Peer,
    request: { readonly asset: AssetId; readonly map: ChunkMap | undefined; readonly index: number },
    now: number,
  ): boolean {
    const { asset, map, index } = request
    this.#now = now
    if (map === undefined || map.state(index) !== Chunk.have) {
      this.#reject(peer, { asset, index, reason: 'missing' })
      return true
    }
    if (this.#find(peer.id, asset, index) !== undefined) return false
    const waiting = this.#uploads.filter(({ sending }) => !sending)
    if (
      map.length(index) > this.#allowance ||
      waiting.length >= maxQueued ||
      waiting.filter((upload) => upload.peer === peer).length >= maxQueuedPerPeer
    ) {
      this.#reject(peer, { asset, index, reason: 'busy' })
      return true
    }
    this.#uploads.push({ peer, map, index, requestedAt: now, sending: false })
    this.#start()
    this.#outbox.wake(this.dueAt())
    return true
  }

  /** Records that a peer announced a chunk. */
  chunkAnnounced(peer: Peer, map: ChunkMap, index: number): void {
    this.#seedingScore.chunkAnnounced(peer, map, index)
  }

  /** Rejects a queued request. A chunk that is being sent is completed, because its bytes are in flight. */
  cancel(peer: Peer, asset: AssetId, index: number): void {
    const upload = this.#find(peer.id, asset, index)
    if (upload !== undefined && !upload.sending) this.#rejectUpload(upload)
  }

  /** Frees the slot of a chunk that left. Chunks sent to a peer that is gone do not count. */
  sent(
    { peer, asset, index }: { readonly peer: PeerId; readonly asset: AssetId; readonly index: number },
    now: number,
  ): void {
    this.#now = now
    const upload = this.#find(peer, asset, index)
    if (upload === undefined || !upload.sending) return
    this.#remove(upload)
    this.#outbox.push({ type: 'report', event: { kind: 'sent', peer, bytes: upload.map.length(index) } })
    this.#start()
  }

  /** Rejects the requests for a chunk that is gone, including an upload that could not be carried out. */
  lost(
    map: ChunkMap,
    { index, unsent }: { readonly index: number; readonly unsent: PeerId | undefined },
    now: number,
  ): void {
    this.#now = now
    for (const upload of this.#uploads.filter((one) => one.map === map && one.index === index)) {
      if (!upload.sending || upload.peer.id === unsent) this.#rejectUpload(upload, 'missing')
    }
    this.#start()
  }

  forget(peer: Peer): void {
    for (const upload of this.#uploads.filter((candidate) => candidate.peer === peer)) this.#remove(upload)
    this.#start()
  }

  /** Applies a new allowance, and rejects queued requests that exceed it. */
  allow({ bytes, slots = this.#slots, rate = this.#rate }: Allowance, now: number): void {
    this.#now = now
    this.#allowance = bytes
    this.#slots = slots
    this.#rate = rate
    const waiting = this.#uploads.filter(({ sending }) => !sending)
    for (const upload of waiting) if (upload.map.length(upload.index) > bytes) this.#rejectUpload(upload)
    this.#start()
  }

  /** Rejects requests that waited too long, and continues after a pause of the rate limit. */
  tick(now: number): void {
    this.#now = now
    for (
      let first = this.#longestWaiting;
      first !== undefined && this.#expiresAt(first) <= now;
      first = this.#longestWaiting
    ) {
      this.#rejectUpload(first)
    }
    this.#start()
  }

  /** Returns the time at which a request expires or the rate allows the next chunk. */
  dueAt(): number {
    const first = this.#longestWaiting
    if (first === undefined) return Infinity
    const expiresAt = this.#expiresAt(first)
    return this.#freeAt > this.#now ? Math.min(expiresAt, this.#freeAt) : expiresAt
  }

  get #longestWaiting(): Upload | undefined {
    return this.#uploads.find(({ sending }) => !sending)
  }

  /**
   * Returns the time well before the requesting peer would take the silence for a stall, if its stall time is ours. A
   * busy peer must not be mistaken for a dead one.
   */
  #expiresAt({ requestedAt }: Upload): number {
    return requestedAt + this.#settings.stallMs / 2
  }

  #start(): void {
    const { uploadsPerPeer } = this.#settings
    const sending = new Map<Peer, number>()
    let total = 0
    for (const upload of this.#uploads) {
      if (!upload.sending) continue
      total++
      sending.set(upload.peer, (sending.get(upload.peer) ?? 0) + 1)
    }
    while (total < this.#slots) {
      const next = this.#next(
        ({ peer, sending: begun }) => !begun && (sending.get(peer) ?? 0) < uploadsPerPeer,
      )
      if (next === undefined) return
      if (this.#now < this.#freeAt) {
        this.#outbox.wake(this.#freeAt)
        return
      }
      const { peer, map, index } = next
      const bytes = map.length(index)
      if (bytes > this.#allowance) {
        this.#rejectUpload(next)
        continue
      }
      this.#allowance -= bytes
      this.#freeAt = Math.max(this.#freeAt, this.#now) + bytes / this.#rate
      next.sending = true
      total++
      this.#started++
      sending.set(peer, (sending.get(peer) ?? 0) + 1)
      peer.sentChunks++
      this.#seedingScore.chunkSent(peer, map, index)
      this.#outbox.push({ type: 'send-chunk', peer: peer.id, asset: map.asset.id, index })
    }
  }

  #next(canStart: (upload: Upload) => boolean): Upload | undefined {
    const longest = this.#uploads.find(canStart)
    if (this.#started % optimisticEvery === optimisticEvery - 1) return longest
    let best = longest
    for (const upload of this.#uploads) {
      if (best === undefined || rank(best.peer) === 0) break
      if (rank(upload.peer) < rank(best.peer) && canStart(upload)) best = upload
    }
    return best
  }

  #find(peer: PeerId, asset: AssetId, index: number): Upload | undefined {
    return this.#uploads.find(
      (upload) => upload.index === index && upload.peer.id === peer && upload.map.asset.id === asset,
    )
  }

  #rejectUpload(upload: Upload, reason: RejectReason = 'busy'): void {
    this.#remove(upload)
    this.#reject(upload.peer, { asset: upload.map.asset.id, index: upload.index, reason })
  }

  #remove(upload: Upload): void {
    this.#uploads.splice(this.#uploads.indexOf(upload), 1)
  }

  #reject(
    peer: Peer,
    rejection: { readonly asset: AssetId; readonly index: number; readonly reason: RejectReason },
  ): void {
    this.#outbox.push({ type: 'send', peer: peer.id, message: { type: 'reject', ...rejection } })
  }
}

/**
 * Returns the priority of a peer: those that sent us chunks or passed ours on, those with something to offer,
 * newcomers, all others.
 */
function rank({ givenBytes: given, passedOn, sentChunks: taken, hasOffered: offers }: Peer): number {
  if (given > 0 || passedOn > 0) return 0
  if (offers) return 1
  return taken < creditChunks ? 2 : 3
}
