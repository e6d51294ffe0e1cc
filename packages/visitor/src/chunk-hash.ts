import { type Asset, chunkHash } from '@peerpress/wire'

/** Whether the bytes are chunk `index` of the asset: their SHA-256 is the one in the manifest. */
export async function isChunk(asset: Asset, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const expected = chunkHash(asset, index)
  const actual = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return expected.length === actual.length && actual.every((byte, i) => byte === expected[i])
}
