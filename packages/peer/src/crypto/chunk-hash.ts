import type { CutChunk } from '@peerpress/swarm'
import { type Asset, chunkHash } from '@peerpress/wire'
import type { Subtle } from '../platform.ts'

/** Returns whether these are the bytes of that chunk of the asset: their SHA-256 is the one in the manifest. */
export async function isChunk(asset: Asset, { index, bytes }: CutChunk, subtle: Subtle): Promise<boolean> {
  return isChunkHash(asset, index, await sha256(bytes, subtle))
}

/** Returns whether chunk `index` of the asset has this SHA-256. */
export function isChunkHash(asset: Asset, index: number, hash: Uint8Array): boolean {
  const expected = chunkHash(asset, index)
  return expected.length === hash.length && hash.every((byte, i) => byte === expected[i])
}

export async function sha256(
  bytes: Uint8Array<ArrayBuffer>,
  subtle: Subtle,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle.digest('SHA-256', bytes))
}
