/**
 * Stores verified chunks by name, up to a number of bytes. The least recently used chunks are removed first. Returned
 * bytes are as trustworthy as the place they were stored in: verify them again unless it is memory.
 */
export interface ChunkStorage {
  /** Returns whether a chunk is present according to the index, without reading it. */
  has(name: string): boolean
  /** Returns a chunk and marks it as used; undefined if it is missing or unreadable. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /**
   * Stores a chunk atomically, and removes others to make room. An existing chunk stays unchanged. Rejects if the chunk
   * cannot be stored; a later call may succeed.
   */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Removes a chunk. Does nothing if it is missing. */
  delete(name: string): Promise<void>
}

/** Options of every {@link ChunkStorage}. */
export interface ChunkStorageOptions {
  readonly maxBytes: number
  /** Called for every chunk that is gone, except deleted ones. */
  readonly onLost?: (name: string) => void
  /** Names of chunks that are never removed to make room, even if they exceed `maxBytes`. */
  readonly pinned?: ReadonlySet<string>
}
