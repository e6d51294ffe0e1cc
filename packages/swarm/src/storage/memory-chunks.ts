import type { ChunkStorage, ChunkStorageOptions } from './chunk-storage.ts'
import { RecentChunks } from './recent-chunks.ts'

/** Stores chunks in memory. */
export class MemoryChunks implements ChunkStorage {
  readonly #books: RecentChunks
  readonly #chunks = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(options: ChunkStorageOptions) {
    this.#books = new RecentChunks(options)
  }

  has(name: string): boolean {
    return this.#chunks.has(name)
  }

  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = this.#chunks.get(name)
    if (bytes) this.#books.use(name, bytes.length)
    return Promise.resolve(bytes)
  }

  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.has(name)) {
      this.#chunks.set(name, bytes)
      this.#books.use(name, bytes.length)
      for (const [gone] of this.#books.surplus()) this.#chunks.delete(gone)
    }
    return Promise.resolve()
  }

  delete(name: string): Promise<void> {
    this.#books.delete(name)
    this.#chunks.delete(name)
    return Promise.resolve()
  }
}
