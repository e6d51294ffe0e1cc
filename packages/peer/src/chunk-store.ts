import type { Asset } from '@peerpress/wire'

/**
 * Verified chunks of one peer. A store that loses a chunk reports it with {@link SwarmPeer.lose}; one that cannot store a
 * chunk does so as well.
 */
export interface ChunkStore {
  /** Resolves when `has` knows the chunks of earlier runs. Never rejects. */
  readonly opened: Promise<void>
  has(asset: Asset, index: number): boolean
  /** Returns a chunk whose bytes match the manifest; undefined if it is lost. */
  get(asset: Asset, index: number): Promise<Uint8Array<ArrayBuffer> | undefined>
  put(asset: Asset, index: number, bytes: Uint8Array<ArrayBuffer>): void
  /**
   * Resolves when there is room for more chunks from HTTP servers: true, or false if the storage takes none for now.
   * A store without this method takes any number.
   */
  room?(): Promise<boolean>
}
