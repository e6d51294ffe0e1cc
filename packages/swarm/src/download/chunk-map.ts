import type { Asset } from '@peerpress/wire'
import { chunkCount, chunkLength } from '@peerpress/wire'
import type { Assembly } from './assembly.ts'
import type { ChunkSource } from '../contract.ts'

/** States of a chunk on its way to us. */
export const Chunk = { missing: 0, requested: 1, fetching: 2, verifying: 3, have: 4 } as const
export type ChunkState = (typeof Chunk)[keyof typeof Chunk]

/**
 * All allowed transitions of a chunk. `asked` means requested from exactly one peer, and only that peer's frames count.
 * Any failure leads back to `missing`, where the scheduler decides again. The loss of a stored chunk does too. If the
 * origin was also asked for the chunk, a failure leads to `fetching` instead.
 */
const transitions: Readonly<Record<ChunkState, readonly ChunkState[]>> = {
  [Chunk.missing]: [Chunk.requested, Chunk.fetching, Chunk.verifying],
  [Chunk.requested]: [Chunk.missing, Chunk.fetching, Chunk.verifying],
  [Chunk.fetching]: [Chunk.missing, Chunk.verifying],
  [Chunk.verifying]: [Chunk.missing, Chunk.fetching, Chunk.have],
  [Chunk.have]: [Chunk.missing],
}

/** The state of the chunks of one asset: ours, and the number of peers that hold each. */
export class ChunkMap {
  readonly asset: Asset
  readonly count: number
  /** For each chunk, the number of ready peers that can be asked for it. */
  readonly holders: Uint16Array
  /** The assembly of each chunk in state `asked`. */
  readonly requests = new Map<number, Assembly>()
  /** Chunks in state `asked` or `verifying` that are also being fetched from the origin. */
  readonly hedged = new Set<number>()
  /** Number of chunks that we have. */
  haveCount = 0
  /** How many times a chunk became missing again. */
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
    this.haveCount += Number(to === Chunk.have) - Number(from === Chunk.have)
    if (to === Chunk.missing) this.reopened++
  }

  /** Returns the length of a chunk, bytes. */
  length(index: number): number {
    return chunkLength(this.asset, index)
  }

  contains(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.count
  }

  /** Records that a chunk is verified and stored. */
  markStored(index: number, source: ChunkSource): void {
    this.move(index, Chunk.have)
    this.#sources[index] = source
    this.#lost.delete(index)
    this.#originFailed.delete(index)
  }

  /** Returns the source of a chunk that we have. */
  source(index: number): ChunkSource {
    const source = this.#sources[index]
    if (source === undefined) throw new Error(`chunk ${index} is missing`)
    return source
  }

  /** Returns how many times peers failed to send the chunk since it was last demanded. */
  timesLost(index: number): number {
    return this.#lost.get(index) ?? 0
  }

  countLoss(index: number): void {
    this.#lost.set(index, this.timesLost(index) + 1)
  }

  originFailed(index: number): boolean {
    return this.#originFailed.has(index)
  }

  /**
   * Records that the origin failed to provide the chunk. Peers that hold it get a new set of attempts, because they are
   * the only sources left.
   */
  setOriginFailed(index: number): void {
    this.#originFailed.add(index)
    this.#lost.delete(index)
  }

  /** Forgets earlier failures of these chunks, because a new demand is a new attempt. */
  forgetFailures(first: number, last: number): void {
    for (const index of this.#lost.keys()) if (index >= first && index <= last) this.#lost.delete(index)
    for (const index of this.#originFailed)
      if (index >= first && index <= last) this.#originFailed.delete(index)
  }

  /** Returns the bitfield of the chunks we have, most significant bit first. */
  bits(): Uint8Array<ArrayBuffer> {
    const bits = new Uint8Array(Math.ceil(this.count / 8))
    for (let i = 0; i < this.count; i++) {
      if (this.#states[i] === Chunk.have) bits[i >> 3] = (bits[i >> 3] ?? 0) | (0x80 >> (i & 7))
    }
    return bits
  }
}
