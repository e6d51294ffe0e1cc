import { type Asset, chunkLength } from '@peerpress/wire'

/** A whole, unverified chunk. */
export interface CutChunk {
  readonly index: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Cuts a part of an asset, which arrives in pieces of any length, into whole chunks. `start` is the offset of the part
 * in the asset, bytes. Bytes before the first chunk boundary are ignored.
 */
export class ChunkCutter {
  readonly #asset: Asset
  #position: number
  #chunk: Uint8Array<ArrayBuffer> | undefined

  constructor(asset: Asset, start: number) {
    this.#asset = asset
    this.#position = start
  }

  /** Adds the next piece and returns the chunks it completes. Bytes past the asset's end are ignored. */
  push(part: Uint8Array): CutChunk[] {
    const { size, chunkSize } = this.#asset
    const chunks: CutChunk[] = []
    let rest = part.subarray(0, Math.max(0, size - this.#position))
    while (rest.length > 0) {
      const index = Math.floor(this.#position / chunkSize)
      const offset = this.#position - index * chunkSize
      const length = chunkLength(this.#asset, index)
      const taken = rest.subarray(0, length - offset)
      if (offset === 0) this.#chunk = new Uint8Array(length)
      this.#chunk?.set(taken, offset)
      if (this.#chunk && offset + taken.length === length) {
        chunks.push({ index, bytes: this.#chunk })
        this.#chunk = undefined
      }
      this.#position += taken.length
      rest = rest.subarray(taken.length)
    }
    return chunks
  }
}
