/**
 * Keeps verified chunks by name, up to so many bytes: those that were not used for the longest go first. What comes back
 * is as trustworthy as where it was kept: but for memory it is to be verified again.
 */
export interface ChunkStorage {
  /** Whether a chunk is there, as far as is known without looking. */
  has(name: string): boolean
  /** The chunk, which counts as used; undefined when it is not there, or cannot be read any more. */
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /**
   * Keeps a chunk whole or not at all, and throws others away for it. One that is there already stays as it is. Rejects
   * when it cannot be kept; the next one may be.
   */
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Throws a chunk away, whether or not it is there. */
  delete(name: string): Promise<void>
}

/** What every {@link ChunkStorage} is opened with. */
export interface ChunkStorageOptions {
  readonly maxBytes: number
  /** Told of every chunk that is not there any more, but for those that were deleted. */
  readonly onLost?: (name: string) => void
  /** Names of chunks that are not thrown away, even when they are more than `maxBytes`. */
  readonly pinned?: ReadonlySet<string>
}
