import { type ChunkStore, isChunk } from '@peerpress/peer'
import type { ChunkStorage } from '@peerpress/swarm'
import { type Asset, chunkCount, chunkHash, encodeHex } from '@peerpress/wire'
import type { ChunkWriter } from './chunk-writer.ts'

/** Where a {@link SeedStore} stores, and where it reports. */
export interface SeedStoreOptions {
  readonly disk: ChunkStorage
  readonly writer: ChunkWriter
  /** A chunk could not be stored, or is not on the disk any more. */
  readonly onLost: (asset: Asset, index: number) => void
}

/** The chunks of a seed: on its disk, and on their way to it. */
export class SeedStore implements ChunkStore {
  readonly opened = Promise.resolve()
  readonly #options: SeedStoreOptions

  constructor(options: SeedStoreOptions) {
    this.#options = options
  }

  has(asset: Asset, index: number): boolean {
    return this.#options.disk.has(nameOf(asset, index))
  }

  /** Returns whether every chunk of the asset is on the disk. */
  hasAll(asset: Asset): boolean {
    return namesOf(asset).every((name) => this.#options.disk.has(name))
  }

  /** Verifies what is on the disk: files can change. */
  async get(asset: Asset, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { disk, writer, onLost } = this.#options
    const name = nameOf(asset, index)
    const pending = writer.get(name)
    if (pending) return pending
    const bytes = await disk.get(name)
    if (bytes && (await isChunk(asset, { index, bytes }, crypto.subtle))) return bytes
    if (bytes) await disk.delete(name)
    onLost(asset, index)
    return undefined
  }

  put(asset: Asset, index: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { writer, onLost } = this.#options
    const lose = (): void => onLost(asset, index)
    if (!writer.put(nameOf(asset, index), bytes, lose)) lose()
  }

  async room(): Promise<boolean> {
    const { writer } = this.#options
    await writer.room()
    return !writer.isStuck
  }
}

/** The names under which the chunks of an asset are stored: their SHA-256 in hex. */
export function namesOf(asset: Asset): string[] {
  return Array.from({ length: chunkCount(asset) }, (_, index) => nameOf(asset, index))
}

function nameOf(asset: Asset, index: number): string {
  return encodeHex(chunkHash(asset, index))
}
