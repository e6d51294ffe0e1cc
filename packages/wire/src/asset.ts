import type { AssetId } from './ids.ts'

/** Bytes of a SHA-256. */
export const hashLength = 32
export const maxChunks = 16_384
/** Chunk sizes in bytes: a chunk is the unit that is hashed, verified and asked for. */
export const minChunkSize = 64 * 1024
export const maxChunkSize = 1024 * 1024
/** Aimed-at number of chunks of an asset; a larger asset gets larger chunks up to {@link maxChunkSize}. */
const targetChunks = 512

/** An immutable byte string of a post, cut into chunks of `chunkSize` bytes, the last one shorter. */
export interface Asset {
  readonly id: AssetId
  /** Absolute http(s) URL, no fragment, that the page asks for it by. */
  readonly url: string
  /** Media type as the origin serves it, parameters removed. */
  readonly type: string
  /** `Content-Disposition` as the origin serves it, where it names a file: what browsers save the asset as. */
  readonly disposition?: string
  /** bytes, at least 1 */
  readonly size: number
  /** bytes */
  readonly chunkSize: number
  /** SHA-256 of every chunk, concatenated: 32 bytes each. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** Bytes per chunk for an asset of `size` bytes: a power of two from 64 KiB to 1 MiB. */
export function chunkSizeFor(size: number): number {
  let chunkSize = minChunkSize
  while (chunkSize < maxChunkSize && size / chunkSize > targetChunks) chunkSize *= 2
  return chunkSize
}

/** How many chunks an asset has. */
export function chunkCount(asset: Pick<Asset, 'size' | 'chunkSize'>): number {
  return Math.ceil(asset.size / asset.chunkSize)
}

/** Bytes of chunk `index` of an asset. */
export function chunkLength(asset: Pick<Asset, 'size' | 'chunkSize'>, index: number): number {
  return Math.min(asset.chunkSize, asset.size - index * asset.chunkSize)
}

/** The 32-byte hash that chunk `index` of an asset must have. */
export function chunkHash(asset: Pick<Asset, 'hashes'>, index: number): Uint8Array<ArrayBuffer> {
  return asset.hashes.subarray(index * hashLength, (index + 1) * hashLength)
}
