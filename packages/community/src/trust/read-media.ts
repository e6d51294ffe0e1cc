import { createHash } from 'node:crypto'
import { PublisherError, type SiteClient } from '@peerpress/publisher'
import type { PublishedAsset, Site } from '@peerpress/registry'
import { hashLength } from '@peerpress/wire'

/** Assets of one post that a re-read compares, and their size together at most, bytes. */
const maxAssets = 8
const maxBytes = 32 * 1024 * 1024
/** ms of one asset */
const timeout = 60_000

/** The outcome of one re-read of a post's media. */
export interface MediaReading {
  /** Assets that were read whole. */
  readonly read: number
  /** The first address whose bytes differ from the manifest; null if none does. */
  readonly contradicted: string | null
}

/**
 * Reads media of a post from its public addresses and compares the SHA-256 of each chunk with the manifest. `random` chooses the
 * media, so that a site does not know which. What cannot be read contradicts nothing.
 */
export async function readMedia(
  { site, assets }: { readonly site: Site; readonly assets: readonly PublishedAsset[] },
  {
    client,
    random,
    signal,
  }: { readonly client: SiteClient; readonly random: () => number; readonly signal: AbortSignal },
): Promise<MediaReading> {
  const order = assets.map((asset) => ({ asset, at: random() })).toSorted((a, b) => a.at - b.at)
  let [read, bytes] = [0, 0]
  for (const { asset } of order.slice(0, maxAssets)) {
    if (bytes + asset.size > maxBytes) continue
    bytes += asset.size
    const outcome = await compare(site, asset, { client, signal })
    if (outcome === 'differs') return { read, contradicted: asset.url }
    if (outcome === 'agrees') read++
  }
  return { read, contradicted: null }
}

async function compare(
  site: Site,
  asset: PublishedAsset,
  { client, signal }: { readonly client: SiteClient; readonly signal: AbortSignal },
): Promise<'agrees' | 'differs' | 'unreadable'> {
  try {
    const response = await client.get(site, asset.url, { signal, timeout })
    if (response.status !== 200) {
      response.discard()
      return 'unreadable'
    }
    return await hashesOf(response.read(asset.size + 1), asset)
  } catch (error) {
    // A longer body is another one.
    if (error instanceof PublisherError) return error.code === 'too-large' ? 'differs' : 'unreadable'
    throw error
  }
}

async function hashesOf(
  pieces: AsyncIterable<Buffer>,
  { size, chunkSize, hashes }: PublishedAsset,
): Promise<'agrees' | 'differs'> {
  let hash = createHash('sha256')
  let [inChunk, total] = [0, 0]
  const found: Buffer[] = []
  for await (const piece of pieces) {
    total += piece.length
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + chunkSize - inChunk)
      hash.update(part)
      at += part.length
      inChunk += part.length
      if (inChunk < chunkSize) continue
      found.push(hash.digest())
      hash = createHash('sha256')
      inChunk = 0
    }
  }
  if (inChunk > 0) found.push(hash.digest())
  const expected = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  const isSame = total === size && found.length * hashLength === expected.length
  return isSame && Buffer.concat(found).equals(expected) ? 'agrees' : 'differs'
}
