import * as v from 'valibot'
import { decodeBase64Url, encodeBase64Url } from './base64.ts'
import type { AssetId, PostId, SiteId } from './ids.ts'
import { assetIdSchema, postIdSchema, siteIdSchema } from './ids.ts'
import { decodeJson } from './json.ts'
import { urlSchema } from './url.ts'
import { WireError } from './wire-error.ts'

/** `payloadType` of an envelope that holds a manifest. */
export const manifestPayloadType = 'application/vnd.peerpress.manifest.v1+json'

/** The longest manifest that is read, bytes: what an envelope of the greatest length can hold. */
const maxManifestLength = 6 * 1024 * 1024

export const hashLength = 32
export const maxAssets = 2000
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
  /** bytes, at least 1 */
  readonly size: number
  /** bytes */
  readonly chunkSize: number
  /** SHA-256 of every chunk, concatenated: 32 bytes each. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** The signed list of a post's assets. */
export interface Manifest {
  readonly site: SiteId
  readonly post: PostId
  /** Rises by one with every publication of the post; a reader never goes back to a lower one. */
  readonly version: number
  /** When it was signed, ms since the Unix epoch. */
  readonly issuedAt: number
  /** The post's own URL. */
  readonly url: string
  /** The post was unpublished or deleted: nothing of it may be delivered by peers. `assets` is empty. */
  readonly revoked: boolean
  readonly assets: readonly Asset[]
}

const countSchema = (max: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(max))

const manifestSchema = v.strictObject({
  site: siteIdSchema,
  post: postIdSchema,
  version: countSchema(2 ** 31),
  issuedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  url: urlSchema,
  revoked: v.boolean(),
  assets: v.pipe(
    v.array(
      v.strictObject({
        id: assetIdSchema,
        url: urlSchema,
        type: v.pipe(v.string(), v.regex(/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/), v.maxLength(128)),
        size: countSchema(maxChunks * maxChunkSize),
        chunkSize: v.pipe(v.number(), v.safeInteger(), v.minValue(minChunkSize), v.maxValue(maxChunkSize)),
        hashes: v.string(),
      }),
    ),
    v.maxLength(maxAssets),
  ),
})

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

/** The manifest as the payload of an envelope. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const { site, post, version, issuedAt, url, revoked, assets } = manifest
  const listed = assets.map((asset) => ({
    id: asset.id,
    url: asset.url,
    type: asset.type,
    size: asset.size,
    chunkSize: asset.chunkSize,
    hashes: encodeBase64Url(asset.hashes),
  }))
  return new TextEncoder().encode(
    JSON.stringify({ site, post, version, issuedAt, url, revoked, assets: listed }),
  )
}

/**
 * Reads a manifest from an envelope's payload. Verify the envelope's signature first.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeManifest(payload: Uint8Array): Manifest {
  if (payload.length > maxManifestLength) {
    throw new WireError('too-large', `${payload.length} bytes, at most ${maxManifestLength} are allowed`)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(payload)
  } catch {
    throw new WireError('malformed', 'not UTF-8')
  }
  const manifest = decodeJson(manifestSchema, text, maxManifestLength)
  if (manifest.revoked && manifest.assets.length > 0) {
    throw new WireError('invalid', 'assets: a revoked post has none', 'assets')
  }
  const assets = manifest.assets.map((asset, i) => {
    const hashes = decodeBase64Url(asset.hashes)
    const count = chunkCount(asset)
    if (count > maxChunks || hashes.length !== count * hashLength) {
      throw new WireError(
        'invalid',
        `assets.${i}.hashes: ${hashes.length} bytes for ${count} chunks`,
        `assets.${i}.hashes`,
      )
    }
    return { ...asset, hashes }
  })
  if (new Set(assets.map(({ url }) => url)).size !== assets.length) {
    throw new WireError('invalid', 'assets: two assets share a URL', 'assets')
  }
  return { ...manifest, assets }
}
