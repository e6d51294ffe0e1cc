import type { ChunkStorageOptions } from './chunk-storage.ts'

/** The books of a storage: which chunks are there, how large, and which was used when; it holds none of their bytes. */
export class RecentChunks {
  readonly #options: ChunkStorageOptions
  /** Sizes by name, the least recently used first. */
  readonly #sizes = new Map<string, number>()
  #maxBytes: number
  #bytes = 0

  constructor(options: ChunkStorageOptions) {
    this.#options = options
    this.#maxBytes = options.maxBytes
  }

  /** Whether what was used when does not matter yet: there is room for as much again. */
  get isHalfEmpty(): boolean {
    return this.#bytes * 2 <= this.#maxBytes
  }

  /** Bytes of a chunk; undefined when it is not there. */
  size(name: string): number | undefined {
    return this.#sizes.get(name)
  }

  /** A chunk is there, or was used. */
  use(name: string, size: number): void {
    this.delete(name)
    this.#sizes.set(name, size)
    this.#bytes += size
  }

  delete(name: string): void {
    this.#bytes -= this.#sizes.get(name) ?? 0
    this.#sizes.delete(name)
  }

  /** A chunk proved to be gone. */
  lose(name: string): void {
    this.delete(name)
    this.#options.onLost?.(name)
  }

  /** The place is full with what is there, sooner than was thought. */
  full(): void {
    this.#maxBytes = Math.min(this.#maxBytes, this.#bytes)
  }

  /** Strikes off what is more than may be kept, and tells whose bytes are to be thrown away; then they are lost. */
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
