import type { AssetId, PeerId } from '@peerpress/wire'
import type { Assembly } from '../download/assembly.ts'
import type { ChunkMap } from '../download/chunk-map.ts'
import type { ChunkSource } from '../contract.ts'

/** Bytes that count as progress: a peer that sends one byte a second is as good as silent. */
const progressBytes = 16 * 1024

/** ms a peer that said it is busy is left alone: the first time, then twice as long each time. */
const busyMs = 500

/** ms of that at most: whoever is busy now may be idle soon. */
const maxBusyMs = 2000

/** Weight of the newest chunk in a peer's measured pace. */
const paceWeight = 0.2

/** A peer is given so many times as long as its chunks take on average before its silence counts as a stall, … */
const stallChunks = 3
/** … but no longer than so many times the least. */
const maxStallFactor = 4

/** ms of a peer's measured rate that are asked of it ahead: enough to hide round trips and pauses. */
const aheadMs = 300

/** Chunks asked of one peer at a time at most: fewer than it lets wait. */
const maxAhead = 12

/** Busy so often in a row, without a chunk in between, a peer is nothing to wait for. */
const maxRefusals = 3

/** How often in a row a peer may say anew that it holds a chunk which it had not when it was asked for it before. */
const maxBroken = 16

/** Messages that a peer may say at once, and for each ms: three times what the fastest has to say of its chunks. */
const maxTalk = 4000
const talkPerMs = 2

/** Bitfields of assets we have no manifest of yet, remembered per peer: at most 2 KiB each. */
const maxUnknownBitfields = 64

/** A connected peer: what it holds, what it owes us, and how it behaved. */
export class Peer {
  readonly id: PeerId
  readonly joinedAt: number
  readonly source: ChunkSource
  /** It said hello in our protocol's version. */
  ready = false
  /** Requests it has not answered yet, cancelled ones included. */
  readonly asks: Assembly[] = []
  /** Chunks of it that are being verified. */
  verifying = 0
  stalls = 0
  /** Bytes of valid chunks it gave us. */
  given = 0
  /** Chunks we sent it, or began to send. */
  taken = 0
  /** Chunks of ours that it passed on. */
  passedOn = 0
  /** It said that it holds something. */
  offers = false
  /** How often it said what it holds. */
  told = 0
  /** Of `given`, what it has a receipt for, and when it is to get the next. */
  receipted = 0
  receiptAt = Infinity
  /** Bytes that it signed to have got from us. */
  signed = 0
  #broken = 0
  /** Chunks that it once had not, although it said so: it may have had to throw them away. */
  readonly #denied = new Map<ChunkMap, Set<number>>()
  #talk = maxTalk
  #talkAt: number
  /** It said it is busy: not asked before. */
  #busyUntil = -Infinity
  #refusals = 0
  #awaited = 0
  #progressAt = -Infinity
  #completedAt = -Infinity
  /** ms/byte. It is times that are averaged: of chunks that come in bursts rates would tell the burst's. */
  #pace: number | undefined
  /** Chunks to ask for ahead at most: less after it said it is busy, one more for each chunk it brought. */
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

  /** Chunks asked of it and not yet through: awaited or being verified. */
  get load(): number {
    return this.#awaited + this.verifying
  }

  /** Since when it owes us payload; Infinity when it owes none. A reject is an answer, but no payload. */
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

  /** Payload of something it was asked for came in. */
  progress(bytes: number, now: number): void {
    this.#sinceProgress += bytes
    if (this.#sinceProgress >= progressBytes) this.#restartClock(now)
  }

  /** It brought a whole chunk, however small. */
  complete(assembly: Assembly, now: number): void {
    this.settle(assembly)
    this.#refusals = 0
    this.#broken = 0
    // Of several that were asked at once each is timed from the one before: what counts is the pace.
    const took = Math.max(1, now - Math.max(assembly.askedAt, this.#completedAt))
    const pace = took / assembly.map.length(assembly.index)
    this.#pace = this.#pace === undefined ? pace : this.#pace + paceWeight * (pace - this.#pace)
    this.#ahead = Math.min(maxAhead, this.#ahead + 1)
    this.#completedAt = now
    this.#restartClock(now)
  }

  /** It is no longer awaited, but still owed. The chunk is not asked of this peer again until it is answered. */
  cancel(assembly: Assembly): void {
    assembly.cancel()
    this.#awaited--
    this.lacks(assembly.map, assembly.index)
  }

  /** The request was answered. */
  settle(assembly: Assembly): void {
    this.asks.splice(this.asks.indexOf(assembly), 1)
    if (!assembly.cancelled) this.#awaited--
  }

  /** It is busy. What it refuses within one pause counts once. */
  refuse(now: number): void {
    if (now < this.#busyUntil) return
    this.#ahead = Math.ceil(this.#ahead / 2)
    this.#busyUntil = now + Math.min(maxBusyMs, busyMs * 2 ** this.#refusals++)
  }

  /** bytes/ms at which its chunks came lately; undefined before the first. */
  get rate(): number | undefined {
    return this.#pace === undefined ? undefined : 1 / this.#pace
  }

  /** ms of silence that count as a stall: `least`, or more for a peer whose chunks take long. */
  patience(least: number): number {
    const chunk = this.asks.find(({ cancelled }) => !cancelled)?.map.asset.chunkSize ?? 0
    return Math.min(maxStallFactor * least, Math.max(least, stallChunks * chunk * (this.#pace ?? 0)))
  }

  /** Chunks of an asset to ask of it at a time, at least `least`: enough for the rate it has shown. */
  ahead(map: ChunkMap, least: number): number {
    const needed = 1 + Math.ceil(((this.rate ?? 0) * aheadMs) / map.asset.chunkSize)
    return Math.max(least, Math.min(this.#ahead, needed))
  }

  /**
   * When a chunk that it was asked for should be here, by the pace of its chunks so far, or of those under way when that is
   * slower; -Infinity while it has shown none.
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

  /** Whether it is worth waiting until it can be asked again. */
  get isWorthWaiting(): boolean {
    return this.#refusals < maxRefusals
  }

  has(map: ChunkMap, index: number): boolean {
    return ((this.#held.get(map)?.[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0
  }

  /** Whether it holds all of these assets. */
  hasAll(maps: Iterable<ChunkMap>): boolean {
    for (const map of maps)
      for (let index = 0; index < map.count; index++) if (!this.has(map, index)) return false
    return true
  }

  /** Whether it told what it holds of an asset. */
  knows(map: ChunkMap): boolean {
    return this.#held.has(map)
  }

  /** It holds exactly these chunks. `bits` are copied. */
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

  /** It holds one chunk more, unless it still owes an answer about that one. */
  gains(map: ChunkMap, index: number): void {
    if (this.has(map, index) || this.asked(map, index)?.cancelled === true) return
    let held = this.#held.get(map)
    if (held === undefined) this.#held.set(map, (held = new Uint8Array(Math.ceil(map.count / 8))))
    held[index >> 3] = (held[index >> 3] ?? 0) | (0x80 >> (index & 7))
    map.holders[index] = (map.holders[index] ?? 0) + 1
    this.told++
    this.offers = true
  }

  /** It does not have what it said it has. */
  breaksWord(map: ChunkMap, index: number): void {
    const denied = this.#denied.get(map) ?? new Set()
    this.#denied.set(map, denied)
    if (denied.has(index)) this.#broken++
    else denied.add(index)
    this.lacks(map, index)
  }

  /** Whether its word is worth nothing: it promises chunks again and again and has none. */
  get isFalse(): boolean {
    return this.#broken > maxBroken
  }

  /** Whether it may say one thing more. Frames do not count: it was asked for them. */
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

  /** It is gone: nobody can ask it any more. */
  leave(): void {
    for (const [map, bits] of this.#held) this.#countHolder(map, bits, -1)
    this.#held.clear()
  }

  /** Remembers what it holds of an asset that may yet be told to us; past the limit it is forgotten. */
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

  /** What it said about an asset before we knew it. */
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
