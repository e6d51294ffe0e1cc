import { type ChunkStore, isChunk } from '@peerpress/peer'
import { type ChunkStorage, MemoryChunks } from '@peerpress/swarm'
import type { Asset, AssetId } from '@peerpress/wire'
import { CacheChunks } from './cache-chunks.ts'
import { storageLimit } from './storage-limit.ts'

/** Maximum bytes of chunks in memory. The latest are requested most; if the browser stores nothing, there are no others. */
const maxMemory = 16 * 1024 * 1024
/** Maximum bytes of pending writes. Chunks that come faster than the browser stores them are in memory only. */
const maxWriting = 8 * 1024 * 1024

/** Verified chunks of all posts: the latest in this page's memory, and as many as fit in the browser's storage. */
export class PageChunkStore implements ChunkStore {
  readonly #onLost: (asset: AssetId, index: number) => void
  readonly #memory = new MemoryChunks({ maxBytes: maxMemory, onLost: (name) => this.#lookAfter(name) })
  readonly #writing = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly opened: Promise<void>
  #writingBytes = 0
  #storage: ChunkStorage | undefined

  /** `onLost` is called for each chunk that is in no place any more. */
  constructor(onLost: (asset: AssetId, index: number) => void) {
    this.#onLost = onLost
    this.opened = this.#open().catch(() => {})
  }

  has(asset: Asset, index: number): boolean {
    return this.#holds(nameOf(asset, index))
  }

  put(asset: Asset, index: number, bytes: Uint8Array<ArrayBuffer>): void {
    const name = nameOf(asset, index)
    if (this.#holds(name)) return
    this.#memory.put(name, bytes).catch(() => {})
    if (this.#writingBytes + bytes.length > maxWriting) return
    this.#writing.set(name, bytes)
    this.#writingBytes += bytes.length
    const done = (): void => {
      this.#writing.delete(name)
      this.#writingBytes -= bytes.length
      this.#lookAfter(name)
    }
    // If the browser has no more room, the chunk stays in memory as long as there is room.
    // oxlint-disable-next-line promise/no-callback-in-promise -- both ways end the same
    this.opened.then(() => this.#storage?.put(name, bytes)).then(done, done)
  }

  /** Verifies what the browser stored: other scripts of the site can write there as well. */
  async get(asset: Asset, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const name = nameOf(asset, index)
    const kept = (await this.#memory.get(name)) ?? this.#writing.get(name)
    if (kept) return kept
    const stored = await this.#storage?.get(name)
    if (!stored || (await isChunk(asset, { index, bytes: stored }, crypto.subtle))) return stored
    // If it cannot be deleted, the next read finds it wrong again.
    this.#storage?.delete(name).catch(() => {})
    this.#lookAfter(name)
    return undefined
  }

  async #open(): Promise<void> {
    this.#storage = await CacheChunks.open({
      maxBytes: await storageLimit(navigator),
      onLost: (name) => this.#lookAfter(name),
    })
  }

  #holds(name: string): boolean {
    return this.#memory.has(name) || this.#writing.has(name) || !!this.#storage?.has(name)
  }

  /** A chunk is gone from one place. It is lost unless it is in another. */
  #lookAfter(name: string): void {
    if (this.#holds(name)) return
    const [asset = '', index] = name.split('/')
    this.#onLost(asset, Number(index))
  }
}

function nameOf({ id }: Asset, index: number): string {
  return `${id}/${index}`
}
