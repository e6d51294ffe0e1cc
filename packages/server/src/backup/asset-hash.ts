import { createHash } from 'node:crypto'

/** Computes an asset's id from its bytes in order: the SHA-256 of the SHA-256 of its chunks. */
export class AssetHash {
  readonly #chunkSize: number
  readonly #all = createHash('sha256')
  #chunk = createHash('sha256')
  #room: number

  /** @param chunkSize bytes */
  constructor(chunkSize: number) {
    this.#chunkSize = chunkSize
    this.#room = chunkSize
  }

  update(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      const part = rest.subarray(0, this.#room)
      this.#chunk.update(part)
      this.#room -= part.length
      rest = rest.subarray(part.length)
      if (this.#room === 0) this.#endChunk()
    }
  }

  /** Returns the id. Call this after all bytes. */
  digest(): string {
    if (this.#room < this.#chunkSize) this.#endChunk()
    return this.#all.digest('hex')
  }

  #endChunk(): void {
    this.#all.update(this.#chunk.digest())
    this.#chunk = createHash('sha256')
    this.#room = this.#chunkSize
  }
}
