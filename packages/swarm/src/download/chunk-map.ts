import type { Asset } from '@peerpress/wire'
import { chunkCount, chunkLength } from '@peerpress/wire'
import type { Assembly } from './assembly.ts'
import type { ChunkSource } from '../contract.ts'

/** Where a chunk of an asset is on its way to us. */
export const Chunk = { missing: 0, asked: 1, fetching: 2, verifying: 3, have: 4 } as const
export type ChunkState = (typeof Chunk)[keyof typeof Chunk]

/**
 * Every way a chunk can go. `asked` means asked of exactly one peer: only that peer's frames count. Whatever goes
 * wrong on the way leads back to `missing`, from where the scheduler decides anew, and so does the loss of what we had; of a
 * chunk that the origin was asked for as well it leads to `fetching`.
 */
const transitions: Readonly<Record<ChunkState, readonly ChunkState[]>> = {
  [Chunk.missing]: [Chunk.asked, Chunk.fetching, Chunk.verifying],
  [Chunk.asked]: [Chunk.missing, Chunk.fetching, Chunk.verifying],
  [Chunk.fetching]: [Chunk.missing, Chunk.verifying],
  [Chunk.verifying]: [Chunk.missing, Chunk.fetching, Chunk.have],
  [Chunk.have]: [Chunk.missing],
}

/** What is known about the chunks of one asset: ours, and how many peers hold each. */
export class ChunkMap {
  readonly asset: Asset
  readonly count: number
  /** Ready peers that can be asked for each chunk. */
  readonly holders: Uint16Array
  /** The assembly of each chunk in state `asked`. */
  readonly asks = new Map<number, Assembly>()
  /** Chunks in state `asked` or `verifying` that the origin was asked for as well. */
  readonly hedged = new Set<number>()
  /** Chunks that we have. */
  had = 0
  /** How often a chunk became one to ask for again. */
  reopened = 0
  readonly #states: Uint8Array
  readonly #sources: ChunkSource[] = []
  readonly #lost = new Map<number, number>()
  readonly #originFailed = new Set<number>()

  constructor(asset: Asset) {
    this.asset = asset
    this.count = chunkCount(asset)
    this.#states = new Uint8Array(this.count)
    this.holders = new Uint16Array(this.count)
  }

  state(index: number): ChunkState {
    return this.#states[index] as ChunkState
  }

  move(index: number, to: ChunkState): void {
    const from = this.state(index)
    if (!transitions[from].includes(to)) throw new Error(`chunk ${index} cannot go from ${from} to ${to}`)
    this.#states[index] = to
    this.had += Number(to === Chunk.have) - Number(from === Chunk.have)
    if (to === Chunk.missing) this.reopened++
  }

  /** Bytes of a chunk. */
  length(index: number): number {
    return chunkLength(this.asset, index)
  }

  contains(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.count
  }

  /** The chunk is verified and stored. */
  keep(index: number, source: ChunkSource): void {
    this.move(index, Chunk.have)
    this.#sources[index] = source
    this.#lost.delete(index)
    this.#originFailed.delete(index)
  }

  /** Where a chunk we have came from. */
  source(index: number): ChunkSource {
    const source = this.#sources[index]
    if (source === undefined) throw new Error(`chunk ${index} is not here`)
    return source
  }

  /** How often a peer that was asked for the chunk did not bring it, since it was last demanded anew. */
  timesLost(index: number): number {
    return this.#lost.get(index) ?? 0
  }

  countLoss(index: number): void {
    this.#lost.set(index, this.timesLost(index) + 1)
  }

  originFailed(index: number): boolean {
    return this.#originFailed.has(index)
  }

  /** The origin did not give the chunk: peers that hold it get a fresh set of attempts, being the only ones left. */
  setOriginFailed(index: number): void {
    this.#originFailed.add(index)
    this.#lost.delete(index)
  }

  /** A new demand is a new try: forgets what went wrong with these chunks before. */
  forgetTroubles(first: number, last: number): void {
    for (const index of this.#lost.keys()) if (index >= first && index <= last) this.#lost.delete(index)
    for (const index of this.#originFailed)
      if (index >= first && index <= last) this.#originFailed.delete(index)
  }

  /** The chunks we have, most significant bit first. */
  bits(): Uint8Array<ArrayBuffer> {
    const bits = new Uint8Array(Math.ceil(this.count / 8))
    for (let i = 0; i < this.count; i++) {
      if (this.#states[i] === Chunk.have) bits[i >> 3] = (bits[i >> 3] ?? 0) | (0x80 >> (i & 7))
    }
    return bits
  }
}
