import type { ChunkStorage, ChunkStorageOptions } from './chunk-storage.ts'
import { RecentChunks } from './recent-chunks.ts'

/** Stores chunks in memory. */
export class MemoryChunks implements ChunkStorage {
  readonly #index: RecentChunks
  readonly #chunks = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(options: ChunkStorageOptions) {
    this.#index = new RecentChunks(options)
  }

  has(name: string): boolean {
    return this.#chunks.has(name)
  }

  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = this.#chunks.get(name)
    if (bytes) this.#index.use(name, bytes.length)
    return Promise.resolve(bytes)
  }

  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.has(name)) {
      this.#chunks.set(name, bytes)
      this.#index.use(name, bytes.length)
      for (const [gone] of this.#index.surplus()) this.#chunks.delete(gone)
    }
    return Promise.resolve()
  }

  delete(name: string): Promise<void> {
    this.#index.delete(name)
    this.#chunks.delete(name)
    return Promise.resolve()
  }
}
