import { type ChunkStorage, type CutChunk, MemoryChunks } from '@peerpress/swarm'
import { type Asset, type AssetId, chunkCount } from '@peerpress/wire'
import { isChunk } from '../../chunk-hash.ts'
import { CacheChunks } from './cache-chunks.ts'
import { storageLimit } from './storage-limit.ts'

/** Bytes of chunks in memory: what came last is asked for most, and where the browser stores nothing it is all there is. */
const maxMemory = 16 * 1024 * 1024
/** Bytes that wait to be written at most; what comes faster than the browser stores it is in memory only. */
const maxWriting = 8 * 1024 * 1024

/** Verified chunks: the latest in this page's memory, and all that there is room for in the browser's storage. */
export class ChunkStore {
  readonly #onLost: (asset: AssetId, index: number) => void
  readonly #memory = new MemoryChunks({ maxBytes: maxMemory, onLost: (name) => this.#lookAfter(name) })
  readonly #writing = new Map<string, Uint8Array<ArrayBuffer>>()
  /** Resolves when it is known what the browser stored before. */
  readonly opened: Promise<void>
  #writingBytes = 0
  #storage: ChunkStorage | undefined

  /** `onLost` is told of chunks that are nowhere any more. */
  constructor(onLost: (asset: AssetId, index: number) => void) {
    this.#onLost = onLost
    this.opened = this.#open().catch(() => {})
  }

  has(asset: AssetId, index: number): boolean {
    return this.#holds(nameOf(asset, index))
  }

  put(asset: AssetId, index: number, bytes: Uint8Array<ArrayBuffer>): void {
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
    // Rejected, the browser has no more room: it is in memory as long as that has.
    // oxlint-disable-next-line promise/no-callback-in-promise -- both ways end the same
    this.opened.then(() => this.#storage?.put(name, bytes)).then(done, done)
  }

  /** undefined when it is lost. What was stored is verified anew: others can write there too. */
  async get(asset: Asset, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const name = nameOf(asset.id, index)
    const kept = (await this.#memory.get(name)) ?? this.#writing.get(name)
    if (kept) return kept
    const stored = await this.#storage?.get(name)
    if (!stored || (await isChunk(asset, index, stored))) return stored
    // The next one who reads it finds it wrong again.
    this.#storage?.delete(name).catch(() => {})
    this.#lookAfter(name)
    return undefined
  }

  /** The chunks of an asset that were stored before, one after the other as they are read. */
  async *stored(asset: Asset): AsyncGenerator<CutChunk> {
    await this.opened
    for (let index = 0; index < chunkCount(asset); index++) {
      const bytes = this.has(asset.id, index) && (await this.get(asset, index))
      if (bytes) yield { index, bytes }
    }
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

  /** It is gone from one place: it may be in another. */
  #lookAfter(name: string): void {
    if (this.#holds(name)) return
    const [asset = '', index] = name.split('/')
    this.#onLost(asset, Number(index))
  }
}

function nameOf(asset: AssetId, index: number): string {
  return `${asset}/${index}`
}
