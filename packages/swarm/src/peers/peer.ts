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
const maxBroken = 16

/**
 * Messages that a peer may send at once, and per ms: three times what the fastest peer needs to announce its chunks.
 */
const maxTalk = 4000
const talkPerMs = 2

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
  readonly asks: Assembly[] = []
  /** Number of its chunks that are being verified. */
  verifying = 0
  stalls = 0
  /** Bytes of valid chunks that it sent to us. */
  given = 0
  /** Number of chunks that we sent to it, or began to send. */
  taken = 0
  /** Number of our chunks that it passed on. */
  passedOn = 0
  /** Whether it announced any chunk. */
  offers = false
  /** Number of its announcements. */
  told = 0
  /** Bytes of `given` that a receipt covers, and the time at which the next receipt is due. */
  receipted = 0
  receiptAt = Infinity
  /** Bytes that it received from us according to its receipts. */
  signed = 0
  #broken = 0
  /** Chunks that it announced but did not have when requested. It may have had to discard them. */
  readonly #denied = new Map<ChunkMap, Set<number>>()
  #talk = maxTalk
  #talkAt: number
  /** Time until which the peer is busy and gets no requests. */
  #busyUntil = -Infinity
  #refusals = 0
  #awaited = 0
  #progressAt = -Infinity
  #completedAt = -Infinity
  /**
   * ms/byte. Durations are averaged instead of rates, because the rates of chunks that arrive in bursts would be those
   * of the burst.
   */
  #pace: number | undefined
  /** Maximum number of chunks to request ahead. A busy rejection halves it, and each received chunk adds one. */
  #ahead = 1
  #sinceProgress = 0
  readonly #held = new Map<ChunkMap, Uint8Array>()
  readonly #unknown = new Map<AssetId, { readonly chunks: number; readonly bits: Uint8Array }>()

  constructor(id: PeerId, joinedAt: number) {
    this.id = id
    this.joinedAt = joinedAt
    this.#talkAt = joinedAt
    this.source = { kind: 'peer', peer: id }
  }

  /** Number of requested chunks that are pending or being verified. */
  get load(): number {
    return this.#awaited + this.verifying
  }

  /** Time since which it owes us payload; Infinity if it owes none. A reject is a response without payload. */
  get waitingSince(): number {
    if (this.#awaited === 0) return Infinity
    const oldest = this.asks.find(({ cancelled }) => !cancelled)
    return Math.max(this.#progressAt, oldest?.askedAt ?? -Infinity)
  }

  ask(assembly: Assembly): void {
    this.#awaited++
    this.asks.push(assembly)
  }

  asked(map: ChunkMap | undefined, index: number): Assembly | undefined {
    return this.asks.find((assembly) => assembly.index === index && assembly.map === map)
  }

  /** Records received payload of a requested chunk. */
  progress(bytes: number, now: number): void {
    this.#sinceProgress += bytes
    if (this.#sinceProgress >= progressBytes) this.#restartClock(now)
  }

  /** Records a whole received chunk, even a small one. */
  complete(assembly: Assembly, now: number): void {
    this.settle(assembly)
    this.#refusals = 0
    this.#broken = 0
    // Among several requests made at once, each is timed from the completion of the previous one, because the pace
    // matters.
    const took = Math.max(1, now - Math.max(assembly.askedAt, this.#completedAt))
    const pace = took / assembly.map.length(assembly.index)
    this.#pace = this.#pace === undefined ? pace : this.#pace + paceWeight * (pace - this.#pace)
    this.#ahead = Math.min(maxAhead, this.#ahead + 1)
    this.#completedAt = now
    this.#restartClock(now)
  }

  /**
   * Cancels a request, whose response is still owed. The chunk is not requested from this peer again until it has
   * responded.
   */
  cancel(assembly: Assembly): void {
    assembly.cancel()
    this.#awaited--
    this.lacks(assembly.map, assembly.index)
  }

  /** Removes an answered request. */
  settle(assembly: Assembly): void {
    this.asks.splice(this.asks.indexOf(assembly), 1)
    if (!assembly.cancelled) this.#awaited--
  }

  /** Records that it is busy. Rejections within one pause count once. */
  refuse(now: number): void {
    if (now < this.#busyUntil) return
    this.#ahead = Math.ceil(this.#ahead / 2)
    this.#busyUntil = now + Math.min(maxBusyMs, busyMs * 2 ** this.#refusals++)
  }

  /** Recent rate of its chunks, bytes/ms; undefined before the first chunk. */
  get rate(): number | undefined {
    return this.#pace === undefined ? undefined : 1 / this.#pace
  }

  /** Returns the silence that counts as a stall, ms: `least`, or more for a peer whose chunks take long. */
  patience(least: number): number {
    const chunk = this.asks.find(({ cancelled }) => !cancelled)?.map.asset.chunkSize ?? 0
    return Math.min(maxStallFactor * least, Math.max(least, stallChunks * chunk * (this.#pace ?? 0)))
  }

  /**
   * Returns the number of chunks of an asset to request at a time: enough for its measured rate, and at least `least`.
   */
  ahead(map: ChunkMap, least: number): number {
    const needed = 1 + Math.ceil(((this.rate ?? 0) * aheadMs) / map.asset.chunkSize)
    return Math.max(least, Math.min(this.#ahead, needed))
  }

  /**
   * Returns the expected arrival time of a requested chunk, according to the pace of earlier chunks, or to that of the
   * chunks in flight if it is slower. Returns -Infinity if no pace is known.
   */
  expects(wanted: Assembly, now: number): number {
    let left = 0
    let received = 0
    let begunAt = Infinity
    let isBefore = true
    for (const ask of this.asks) {
      received += ask.received
      begunAt = Math.min(begunAt, ask.begunAt)
      if (isBefore && (ask.begun || !ask.cancelled)) left += ask.map.length(ask.index) - ask.received
      isBefore &&= ask !== wanted
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
  knows(map: ChunkMap): boolean {
    return this.#held.has(map)
  }

  /** Replaces the chunks that it holds. `bits` are copied. */
  holds(map: ChunkMap, bits: Uint8Array): void {
    const before = this.#held.get(map)
    if (before !== undefined) this.#countHolder(map, before, -1)
    const held = bits.slice()
    for (const { map: owed, index, cancelled } of this.asks) {
      if (owed === map && cancelled) held[index >> 3] = (held[index >> 3] ?? 0) & ~(0x80 >> (index & 7))
    }
    this.#held.set(map, held)
    this.told++
    this.offers ||= held.some((eight) => eight !== 0)
    this.#countHolder(map, held, 1)
  }

  /** Adds a chunk that it holds, unless it still owes a response for that chunk. */
  gains(map: ChunkMap, index: number): void {
    if (this.has(map, index) || this.asked(map, index)?.cancelled === true) return
    let held = this.#held.get(map)
    if (held === undefined) this.#held.set(map, (held = new Uint8Array(Math.ceil(map.count / 8))))
    held[index >> 3] = (held[index >> 3] ?? 0) | (0x80 >> (index & 7))
    map.holders[index] = (map.holders[index] ?? 0) + 1
    this.told++
    this.offers = true
  }

  /** Records that it does not have a chunk that it announced. */
  breaksWord(map: ChunkMap, index: number): void {
    const denied = this.#denied.get(map) ?? new Set()
    this.#denied.set(map, denied)
    if (denied.has(index)) this.#broken++
    else denied.add(index)
    this.lacks(map, index)
  }

  /** Whether it repeatedly announces chunks that it does not have. */
  get isFalse(): boolean {
    return this.#broken > maxBroken
  }

  /** Returns whether it may send one more message. Frames do not count, because they were requested. */
  mayTalk(now: number): boolean {
    this.#talk = Math.min(maxTalk, this.#talk + (now - this.#talkAt) * talkPerMs)
    this.#talkAt = now
    return this.#talk-- >= 1
  }

  lacks(map: ChunkMap, index: number): void {
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
  holdsUnknown(asset: AssetId, chunks: number, bits: Uint8Array): void {
    if (this.#unknown.size < maxUnknownBitfields || this.#unknown.has(asset)) {
      this.#unknown.set(asset, { chunks, bits: bits.slice() })
    }
  }

  gainsUnknown(asset: AssetId, index: number): void {
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
