import { type ChunkStorage, type ChunkStorageOptions, RecentChunks } from '@peerpress/swarm'

/** Begins as all that is removed when the reader withdraws or the worker leaves. */
const cacheName = 'peerpress-chunks'
const path = '/peerpress-chunk/'

/**
 * Chunks in the browser's Cache Storage: pages of all browsers have it, and in Chromium it takes a chunk in two thirds of
 * the time that the origin's private file system takes. The size of each is in its entry's query. A cache tells its
 * entries in the order they were put, so that what was used gets another one, without a query, to tell so.
 */
export class CacheChunks implements ChunkStorage {
  readonly #cache: Cache
  readonly #books: RecentChunks

  private constructor(cache: Cache, options: ChunkStorageOptions) {
    this.#cache = cache
    this.#books = new RecentChunks(options)
  }

  /** Rejects where the browser stores nothing. */
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
      // Without the mark, it counts as used when it was put.
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
