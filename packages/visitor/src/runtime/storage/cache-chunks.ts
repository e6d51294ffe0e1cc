import { type ChunkStorage, type ChunkStorageOptions, RecentChunks } from '@peerpress/swarm'

/** Its prefix marks data that is removed when the reader withdraws or the worker leaves. */
const cacheName = 'peerpress-chunks'
const path = '/peerpress-chunk/'

/**
 * Chunks in the browser's Cache Storage. Pages of all browsers have it, and Chromium writes a chunk in two thirds of the time
 * of the origin's private file system. An entry's query has the size of its chunk. A cache lists its entries in the order of
 * writing, so each use of a chunk writes a second entry, without a query, as a mark.
 */
export class CacheChunks implements ChunkStorage {
  readonly #cache: Cache
  readonly #books: RecentChunks

  private constructor(cache: Cache, options: ChunkStorageOptions) {
    this.#cache = cache
    this.#books = new RecentChunks(options)
  }

  /** Rejects if the browser stores nothing. */
  static async open(options: ChunkStorageOptions): Promise<CacheChunks> {
    const chunks = new CacheChunks(await caches.open(cacheName), options)
    for (const { url } of await chunks.#cache.keys()) {
      const { pathname, search } = new URL(url)
      const name = pathname.slice(path.length)
      const size = Number(search.slice(1)) || chunks.#books.size(name)
      if (size) chunks.#books.use(name, size)
    }
    await chunks.#makeRoom()
    return chunks
  }

  has(name: string): boolean {
    return this.#books.size(name) !== undefined
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const size = this.#books.size(name)
    if (!size) return undefined
    try {
      const response = (await this.#cache.match(entryOf(name, size))) as Response
      const bytes = new Uint8Array(await response.arrayBuffer())
      this.#books.use(name, size)
      // Without the mark, the chunk counts as used when it was written.
      if (!this.#books.isHalfEmpty) this.#cache.put(path + name, new Response()).catch(() => {})
      return bytes
    } catch {
      this.#books.lose(name)
      return undefined
    }
  }

  async put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.has(name)) return
    this.#books.use(name, bytes.length)
    await this.#makeRoom()
    if (!this.has(name)) return
    try {
      await this.#cache.put(entryOf(name, bytes.length), new Response(bytes))
    } catch (cause) {
      this.#books.delete(name)
      this.#books.full()
      throw cause
    }
  }

  async delete(name: string): Promise<void> {
    const size = this.#books.size(name)
    this.#books.delete(name)
    if (size) await this.#remove(name, size)
  }

  async #makeRoom(): Promise<void> {
    for (const [name, size] of this.#books.surplus()) await this.#remove(name, size).catch(() => {})
  }

  async #remove(name: string, size: number): Promise<void> {
    await Promise.all([this.#cache.delete(entryOf(name, size)), this.#cache.delete(path + name)])
  }
}

function entryOf(name: string, size: number): string {
  return `${path}${name}?${size}`
}
