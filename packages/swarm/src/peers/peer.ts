import type { AssetId, PeerId } from '@peerpress/wire'
import type { Assembly } from '../download/assembly.ts'
import type { ChunkMap } from '../download/chunk-map.ts'
import type { ChunkSource } from '../contract.ts'

/** Bytes that count as progress. A peer that sends one byte a second counts as silent. */
const progressBytes = 16 * 1024

/** Pause after a peer reported to be busy, ms. It doubles with each further report. */
const busyMs = 500

/** Maximum of that pause, ms. A busy peer may soon be idle. */
const maxBusyMs = 2000

/** Weight of the newest chunk in a peer's measured pace. */
const paceWeight = 0.2

/** A silence counts as a stall after this many times the average duration of the peer's chunks, … */
const stallChunks = 3
/** … but at most this many times the minimum. */
const maxStallFactor = 4

/** Time of a peer's measured rate that is requested ahead, ms: enough to hide round trips and pauses. */
const aheadMs = 300

/** Maximum number of simultaneous requests per peer. It is below the number that the peer queues. */
const maxAhead = 12

/** Number of consecutive busy rejections after which a peer is not waited for. */
const maxRefusals = 3

/** How many times in a row a peer may claim again a chunk that it did not have when it was requested. */
const maxDenials = 16

/**
 * Messages that a peer may send at once, and per ms: three times what the fastest peer needs to announce its chunks.
 */
const maxMessages = 4000
const messagesPerMs = 2

/** Maximum number of bitfields per peer that are stored for assets without a manifest yet, at most 2 KiB each. */
const maxUnknownBitfields = 64

/** A connected peer: the chunks it holds, the chunks it owes us, and its behaviour. */
export class Peer {
  readonly id: PeerId
  readonly joinedAt: number
  readonly source: ChunkSource
  /** Whether the peer sent `hello` with our protocol version. */
  ready = false
  /** Unanswered requests, including cancelled ones. */
  readonly requests: Assembly[] = []
  /** Number of its chunks that are being verified. */
  verifying = 0
  stalls = 0
  /** Bytes of valid chunks that it sent to us. */
  givenBytes = 0
  /** Number of chunks that we sent to it, or began to send. */
  sentChunks = 0
  /** Number of our chunks that it passed on. */
  passedOn = 0
  /** Whether it announced any chunk. */
  hasOffered = false
  /** Number of its announcements. */
  announcements = 0
  /** Bytes of `given` that a receipt covers, and the time at which the next receipt is due. */
  receiptedBytes = 0
  receiptAt = Infinity
  /** Bytes that it received from us according to its receipts. */
  signedBytes = 0
  #denials = 0
  /** Chunks that it announced but did not have when requested. It may have had to discard them. */
  readonly #denied = new Map<ChunkMap, Set<number>>()
  #messageCredit = maxMessages
  #creditAt: number
  /** Time until which the peer is busy and gets no requests. */
  #busyUntil = -Infinity
  #refusals = 0
  #pending = 0
  #progressAt = -Infinity
  #completedAt = -Infinity
  /**
   * ms/byte. Durations are averaged instead of rates, because the rates of chunks that arrive in bursts would be those
   * of the burst.
   */
  #pace: number | undefined
  /** Maximum number of chunks to request ahead. A busy rejection halves it, and each received chunk adds one. */
  #maxAhead = 1
  #sinceProgress = 0
  readonly #held = new Map<ChunkMap, Uint8Array>()
  readonly #unknown = new Map<AssetId, { readonly chunks: number; readonly bits: Uint8Array }>()

  constructor(id: PeerId, joinedAt: number) {
    this.id = id
    this.joinedAt = joinedAt
    this.#creditAt = joinedAt
    this.source = { kind: 'peer', peer: id }
  }

  /** Number of requested chunks that are pending or being verified. */
  get load(): number {
    return this.#pending + this.verifying
  }

  /** Time since which it owes us payload; Infinity if it owes none. A reject is a response without payload. */
  get waitingSince(): number {
    if (this.#pending === 0) return Infinity
    const oldest = this.requests.find(({ cancelled }) => !cancelled)
    return Math.max(this.#progressAt, oldest?.requestedAt ?? -Infinity)
  }

  addRequest(assembly: Assembly): void {
    this.#pending++
    this.requests.push(assembly)
  }

  requestFor(map: ChunkMap | undefined, index: number): Assembly | undefined {
    return this.requests.find((assembly) => assembly.index === index && assembly.map === map)
  }

  /** Records received payload of a requested chunk. */
  payloadReceived(bytes: number, now: number): void {
    this.#sinceProgress += bytes
    if (this.#sinceProgress >= progressBytes) this.#restartClock(now)
  }

  /** Records a whole received chunk, even a small one. */
  complete(assembly: Assembly, now: number): void {
    this.removeRequest(assembly)
    this.#refusals = 0
    this.#denials = 0
    // Among several requests made at once, each is timed from the completion of the previous one, because the pace
    // matters.
    const took = Math.max(1, now - Math.max(assembly.requestedAt, this.#completedAt))
    const pace = took / assembly.map.length(assembly.index)
    this.#pace = this.#pace === undefined ? pace : this.#pace + paceWeight * (pace - this.#pace)
    this.#maxAhead = Math.min(maxAhead, this.#maxAhead + 1)
    this.#completedAt = now
    this.#restartClock(now)
  }

  /**
   * Cancels a request, whose response is still owed. The chunk is not requested from this peer again until it has
   * responded.
   */
  cancel(assembly: Assembly): void {
    assembly.cancel()
    this.#pending--
    this.removeHeld(assembly.map, assembly.index)
  }

  /** Removes an answered request. */
  removeRequest(assembly: Assembly): void {
    this.requests.splice(this.requests.indexOf(assembly), 1)
    if (!assembly.cancelled) this.#pending--
  }

  /** Records that it is busy. Rejections within one pause count once. */
  markBusy(now: number): void {
    if (now < this.#busyUntil) return
    this.#maxAhead = Math.ceil(this.#maxAhead / 2)
    this.#busyUntil = now + Math.min(maxBusyMs, busyMs * 2 ** this.#refusals++)
  }

  /** Recent rate of its chunks, bytes/ms; undefined before the first chunk. */
  get rate(): number | undefined {
    return this.#pace === undefined ? undefined : 1 / this.#pace
  }

  /** Returns the silence that counts as a stall, ms: `least`, or more for a peer whose chunks take long. */
  stallTimeout(minimum: number): number {
    const chunk = this.requests.find(({ cancelled }) => !cancelled)?.map.asset.chunkSize ?? 0
    return Math.min(maxStallFactor * minimum, Math.max(minimum, stallChunks * chunk * (this.#pace ?? 0)))
  }

  /**
   * Returns the number of chunks of an asset to request at a time: enough for its measured rate, and at least `least`.
   */
  requestLimit(map: ChunkMap, minimum: number): number {
    const needed = 1 + Math.ceil(((this.rate ?? 0) * aheadMs) / map.asset.chunkSize)
    return Math.max(minimum, Math.min(this.#maxAhead, needed))
  }

  /**
   * Returns the expected arrival time of a requested chunk, according to the pace of earlier chunks, or to that of the
   * chunks in flight if it is slower. Returns -Infinity if no pace is known.
   */
  expectedAt(wanted: Assembly, now: number): number {
    let left = 0
    let received = 0
    let begunAt = Infinity
    let isBefore = true
    for (const request of this.requests) {
      received += request.received
      begunAt = Math.min(begunAt, request.begunAt)
      if (isBefore && (request.begun || !request.cancelled))
        left += request.map.length(request.index) - request.received
      isBefore &&= request !== wanted
    }
    const pace = Math.max(this.#pace ?? 0, received > 0 ? (now - begunAt) / received : 0)
    return pace > 0 ? now + left * pace : -Infinity
  }

  get busyUntil(): number {
    return this.#busyUntil
  }

  /** Whether it is worth waiting until the peer can be asked again. */
  get isWorthWaiting(): boolean {
    return this.#refusals < maxRefusals
  }

  has(map: ChunkMap, index: number): boolean {
    return ((this.#held.get(map)?.[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
  }

  /** Returns whether it holds all of these assets. */
  hasAll(maps: Iterable<ChunkMap>): boolean {
    for (const map of maps)
      for (let index = 0; index < map.count; index++) if (!this.has(map, index)) return false
    return true
  }

  /** Returns whether it announced its chunks of an asset. */
  hasBitfield(map: ChunkMap): boolean {
    return this.#held.has(map)
  }

  /** Replaces the chunks that it holds. `bits` are copied. */
  setHeld(map: ChunkMap, bits: Uint8Array): void {
    const before = this.#held.get(map)
    if (before !== undefined) this.#countHolder(map, before, -1)
    const held = bits.slice()
    for (const { map: owed, index, cancelled } of this.requests) {
      if (owed === map && cancelled) held[index >> 3] = (held[index >> 3] ?? 0) & ~(0x80 >> (index & 7))
    }
    this.#held.set(map, held)
    this.announcements++
    this.hasOffered ||= held.some((eight) => eight !== 0)
    this.#countHolder(map, held, 1)
  }

  /** Adds a chunk that it holds, unless it still owes a response for that chunk. */
  addHeld(map: ChunkMap, index: number): void {
    if (this.has(map, index) || this.requestFor(map, index)?.cancelled === true) return
    let held = this.#held.get(map)
    if (held === undefined) this.#held.set(map, (held = new Uint8Array(Math.ceil(map.count / 8))))
    held[index >> 3] = (held[index >> 3] ?? 0) | (0x80 >> (index & 7))
    map.holders[index] = (map.holders[index] ?? 0) + 1
    this.announcements++
    this.hasOffered = true
  }

  /** Records that it does not have a chunk that it announced. */
  markDenied(map: ChunkMap, index: number): void {
    const denied = this.#denied.get(map) ?? new Set()
    this.#denied.set(map, denied)
    if (denied.has(index)) this.#denials++
    else denied.add(index)
    this.removeHeld(map, index)
  }

  /** Whether it repeatedly announces chunks that it does not have. */
  get isUnreliable(): boolean {
    return this.#denials > maxDenials
  }

  /** Returns whether it may send one more message. Frames do not count, because they were requested. */
  maySend(now: number): boolean {
    this.#messageCredit = Math.min(maxMessages, this.#messageCredit + (now - this.#creditAt) * messagesPerMs)
    this.#creditAt = now
    return this.#messageCredit-- >= 1
  }

  removeHeld(map: ChunkMap, index: number): void {
    if (!this.has(map, index)) return
    const held = this.#held.get(map)
    if (held !== undefined) held[index >> 3] = (held[index >> 3] ?? 0) & ~(0x80 >> (index & 7))
    map.holders[index] = (map.holders[index] ?? 0) - 1
  }

  /** Removes its chunks from the holder counts, because it is gone. */
  leave(): void {
    for (const [map, bits] of this.#held) this.#countHolder(map, bits, -1)
    this.#held.clear()
  }

  /** Stores a bitfield of an asset that may become known later. Bitfields past the limit are dropped. */
  storeUnknown(asset: AssetId, chunks: number, bits: Uint8Array): void {
    if (this.#unknown.size < maxUnknownBitfields || this.#unknown.has(asset)) {
      this.#unknown.set(asset, { chunks, bits: bits.slice() })
    }
  }

  addUnknown(asset: AssetId, index: number): void {
    const known = this.#unknown.get(asset)
    if (known === undefined || index >= known.chunks) return
    known.bits[index >> 3] = (known.bits[index >> 3] ?? 0) | (0x80 >> (index & 7))
  }

  /** Removes and returns the bitfield that it sent for an asset before the asset was known. */
  takeUnknown(asset: AssetId): { readonly chunks: number; readonly bits: Uint8Array } | undefined {
    const known = this.#unknown.get(asset)
    this.#unknown.delete(asset)
    return known
  }

  #restartClock(now: number): void {
    this.#progressAt = now
    this.#sinceProgress = 0
  }

  #countHolder(map: ChunkMap, bits: Uint8Array, by: 1 | -1): void {
    for (const [byte, eight] of bits.entries()) {
      if (eight === 0) continue
      for (let index = byte * 8; index < Math.min(byte * 8 + 8, map.count); index++) {
        if ((eight & (0x80 >> (index & 7))) !== 0) map.holders[index] = (map.holders[index] ?? 0) + by
      }
    }
  }
}
