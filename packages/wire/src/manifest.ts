import { type Asset, chunkCount, hashLength, maxChunks, maxChunkSize, minChunkSize } from './asset.ts'
import { decodeBase64Url, encodeBase64Url } from './encoding/base64.ts'
import type { PostId, SiteId } from './ids.ts'
import {
  choiceField,
  countField,
  expect,
  fieldsOf,
  listField,
  patternField,
  textField,
} from './encoding/fields.ts'
import { parseJson } from './encoding/parse-json.ts'
import { hashPattern, postIdPattern, siteIdPattern } from './patterns.ts'
import { urlField } from './encoding/url.ts'
import { WireError } from './wire-error.ts'

/** `payloadType` of an envelope that holds a manifest. */
export const manifestPayloadType = 'application/vnd.peerpress.manifest.v1+json'

/** Maximum length of a manifest, bytes. An envelope of maximum length cannot hold more. */
const maxManifestLength = 6 * 1024 * 1024

export const maxAssets = 2000
/** The signed list of a post's assets. */
export interface Manifest {
  readonly site: SiteId
  readonly post: PostId
  /** Increases by one with every publication of the post. A reader never goes back to a lower version. */
  readonly version: number
  /** Time of signing, ms since the Unix epoch. */
  readonly issuedAt: number
  /** The post's own URL. */
  readonly url: string
  /**
   * Whether the post was unpublished or deleted. Peers may deliver nothing of a revoked post, and `assets` is empty.
   */
  readonly revoked: boolean
  readonly assets: readonly Asset[]
  /**
   * The page itself, if the site allows it. A revoked post has none. Only the code that stores the snapshot decodes it,
   * with `decodeSnapshot`.
   */
  readonly snapshot?: unknown
}

/** Returns the manifest as the payload of an envelope. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const { site, post, version, issuedAt, url, revoked, assets, snapshot } = manifest
  const listed = assets.map((asset) => ({
    id: asset.id,
    url: asset.url,
    type: asset.type,
    disposition: asset.disposition,
    size: asset.size,
    chunkSize: asset.chunkSize,
    hashes: encodeBase64Url(asset.hashes),
  }))
  return new TextEncoder().encode(
    JSON.stringify({ site, post, version, issuedAt, url, revoked, assets: listed, snapshot }),
  )
}

/**
 * Parses a manifest from an envelope's payload. Verify the envelope's signature first.
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
  const said = fieldsOf(parseJson(text, maxManifestLength), manifestFields)
  const { snapshot } = said
  const revoked = choiceField(said.revoked, 'revoked', [true, false])
  const assets = listField(said.assets, 'assets', [0, revoked ? 0 : maxAssets, decodeAsset])
  expect(!revoked || snapshot === undefined, 'snapshot')
  if (new Set(assets.map(({ url }) => url)).size !== assets.length) {
    throw new WireError('invalid', 'assets: two assets share a URL', 'assets')
  }
  return {
    site: patternField(said.site, 'site', siteIdPattern),
    post: patternField(said.post, 'post', postIdPattern),
    version: countField(said.version, 'version', [1, 2 ** 31]),
    issuedAt: countField(said.issuedAt, 'issuedAt', [0, Number.MAX_SAFE_INTEGER]),
    url: urlField(said.url, 'url'),
    revoked,
    assets,
    ...(snapshot === undefined ? {} : { snapshot }),
  }
}

/** Matches a `Content-Disposition` that a manifest can carry: bytes that are allowed in a header field. */
export const dispositionPattern = /^[\t\x20-\x7e\x80-\xff]{1,256}$/

const manifestFields = ['site', 'post', 'version', 'issuedAt', 'url', 'revoked', 'assets'] as const
const assetFields = ['id', 'url', 'type', 'size', 'chunkSize', 'hashes'] as const

function decodeAsset(value: unknown, path: string): Asset {
  const said = fieldsOf(value, assetFields)
  const disposition = said['disposition']
  const asset: Asset = {
    id: patternField(said.id, `${path}.id`, hashPattern),
    url: urlField(said.url, `${path}.url`),
    type: patternField(said.type, `${path}.type`, /^(?=.{3,128}$)[a-z0-9.+-]+\/[a-z0-9.+-]+$/),
    ...(disposition !== undefined && {
      disposition: patternField(disposition, `${path}.disposition`, dispositionPattern),
    }),
    size: countField(said.size, `${path}.size`, [1, maxChunks * maxChunkSize]),
    chunkSize: countField(said.chunkSize, `${path}.chunkSize`, [minChunkSize, maxChunkSize]),
    hashes: decodeBase64Url(textField(said.hashes, `${path}.hashes`)),
  }
  const count = chunkCount(asset)
  expect(count <= maxChunks && asset.hashes.length === count * hashLength, `${path}.hashes`)
  return asset
}
