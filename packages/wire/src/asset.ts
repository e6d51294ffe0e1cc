import type { AssetId } from './ids.ts'

/** Length of a SHA-256 hash, bytes. */
export const hashLength = 32
export const maxChunks = 16_384
/** Chunk sizes in bytes. A chunk is the unit that is hashed, verified and requested. */
export const minChunkSize = 64 * 1024
export const maxChunkSize = 1024 * 1024
/** Target number of chunks of an asset. A larger asset gets larger chunks, up to {@link maxChunkSize}. */
const targetChunks = 512

/** An immutable byte string of a post, cut into chunks of `chunkSize` bytes. The last chunk may be shorter. */
export interface Asset {
  readonly id: AssetId
  /** Absolute http(s) URL without a fragment, as the page requests it. */
  readonly url: string
  /** Media type as the origin sends it, without parameters. */
  readonly type: string
  /** The origin's `Content-Disposition` if it names a file. Browsers save the asset under that name. */
  readonly disposition?: string
  /** bytes, at least 1 */
  readonly size: number
  /** bytes */
  readonly chunkSize: number
  /** SHA-256 of every chunk, 32 bytes each, concatenated. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** Returns the chunk size for an asset of `size` bytes: a power of two from 64 KiB to 1 MiB. */
export function chunkSizeFor(size: number): number {
  let chunkSize = minChunkSize
  while (chunkSize < maxChunkSize && size / chunkSize > targetChunks) chunkSize *= 2
  return chunkSize
}

/** Returns the number of chunks of an asset. */
export function chunkCount(asset: Pick<Asset, 'size' | 'chunkSize'>): number {
  return Math.ceil(asset.size / asset.chunkSize)
}

/** Returns the length of chunk `index` of an asset, bytes. */
export function chunkLength(asset: Pick<Asset, 'size' | 'chunkSize'>, index: number): number {
  return Math.min(asset.chunkSize, asset.size - index * asset.chunkSize)
}

/** Returns the 32-byte hash that chunk `index` of an asset must have. */
export function chunkHash(asset: Pick<Asset, 'hashes'>, index: number): Uint8Array<ArrayBuffer> {
  return asset.hashes.subarray(index * hashLength, (index + 1) * hashLength)
}
