import type { AssetId } from '@peerpress/wire'

/** Bytes of chunks a page keeps at most. */
const maxStoredBytes = 200 * 1024 * 1024

/** Verified chunks in this page's memory. */
export class ChunkStore {
  readonly #assets = new Map<AssetId, Map<number, Uint8Array<ArrayBuffer>>>()
  #stored = 0

  /** Whether an asset of `size` bytes may still be taken in. */
  hasRoom(size: number): boolean {
    return this.#stored + size <= maxStoredBytes
  }

  put(asset: AssetId, index: number, bytes: Uint8Array<ArrayBuffer>): void {
    const chunks = this.#assets.get(asset) ?? new Map<number, Uint8Array<ArrayBuffer>>()
    this.#assets.set(asset, chunks)
    this.#stored += bytes.length - (chunks.get(index)?.length ?? 0)
    chunks.set(index, bytes)
  }

  get(asset: AssetId, index: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#assets.get(asset)?.get(index)
  }
}
