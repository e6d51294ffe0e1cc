import type { ChunkStorageOptions } from './chunk-storage.ts'

/** The index of a storage: names, sizes and order of use of its chunks. It holds none of their bytes. */
export class RecentChunks {
  readonly #options: ChunkStorageOptions
  /** Sizes by name, least recently used first. */
  readonly #sizes = new Map<string, number>()
  #maxBytes: number
  #bytes = 0

  constructor(options: ChunkStorageOptions) {
    this.#options = options
    this.#maxBytes = options.maxBytes
  }

  /** Whether at most half of the limit is used, so that the order of use does not matter yet. */
  get isHalfEmpty(): boolean {
    return this.#bytes * 2 <= this.#maxBytes
  }

  /** Returns the size of a chunk, bytes; undefined if it is missing. */
  size(name: string): number | undefined {
    return this.#sizes.get(name)
  }

  /** Records that a chunk was stored or used. */
  use(name: string, size: number): void {
    this.delete(name)
    this.#sizes.set(name, size)
    this.#bytes += size
  }

  delete(name: string): void {
    this.#bytes -= this.#sizes.get(name) ?? 0
    this.#sizes.delete(name)
  }

  /** Records that a chunk is gone, and reports it. */
  lose(name: string): void {
    this.delete(name)
    this.#options.onLost?.(name)
  }

  /** Lowers the limit to the current size, because the place is full earlier than expected. */
  full(): void {
    this.#maxBytes = Math.min(this.#maxBytes, this.#bytes)
  }

  /**
   * Removes entries above the limit and yields each one, so that the caller can delete its bytes. Each one is reported
   * as lost afterwards.
   */
  *surplus(): Generator<readonly [name: string, size: number]> {
    for (const [name, size] of this.#sizes) {
      if (this.#bytes <= this.#maxBytes) return
      if (this.#options.pinned?.has(name)) continue
      this.delete(name)
      yield [name, size]
      this.#options.onLost?.(name)
    }
  }
}
