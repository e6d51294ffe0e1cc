import type { Asset } from '@peerpress/wire'
import { chunkCount, chunkLength } from '@peerpress/wire'
import { seededRandom } from './seeded-random.ts'

/** An asset and its true bytes. The hashes are empty, because tests compare with the bytes. */
export interface Content {
  readonly asset: Asset
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Returns an asset of `size` random bytes. Different seeds give different assets. */
export function makeContent({
  seed = 1,
  size,
  chunkSize = 4096,
}: {
  readonly seed?: number
  readonly size: number
  readonly chunkSize?: number
}): Content {
  const random = seededRandom(seed)
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i++) bytes[i] = random() * 256
  const hashes = new Uint8Array(32 * chunkCount({ size, chunkSize }))
  const id = seed.toString(16).padStart(64, '0')
  return {
    asset: { id, url: `https://site.test/${seed}.jpg`, type: 'image/jpeg', size, chunkSize, hashes },
    bytes,
  }
}

/** Returns a copy of the true bytes of one chunk. */
export function chunkOf({ asset, bytes }: Content, index: number): Uint8Array<ArrayBuffer> {
  const start = index * asset.chunkSize
  return bytes.slice(start, start + chunkLength(asset, index))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
