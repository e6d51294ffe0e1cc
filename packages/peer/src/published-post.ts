import {
  decodeManifest,
  decodeMirrors,
  type Manifest,
  manifestPayloadType,
  mirrorsHeader,
  type PageConfig,
} from '@peerpress/wire'
import { signedPayload } from './crypto/signed-payload.ts'
import type { HttpResponse, Subtle } from './platform.ts'

/** A post as the server published it. */
export interface PublishedPost {
  /** Verified. It may be revoked. */
  readonly manifest: Manifest
  /** URL prefixes of the copies, in the order of preference. Each is followed by an asset's id. Not verified. */
  readonly mirrors: readonly string[]
}

type PostConfig = Pick<PageConfig, 'server' | 'site' | 'post' | 'key'>

/**
 * Fetches and verifies the manifest of a post. Returns null if the response is not a manifest of this post that the site's
 * key signed. Rejects if the response is not an envelope, or if `get` does, which sets the limits of time and length.
 */
export async function fetchManifest(
  config: PostConfig,
  get: (url: string) => Promise<HttpResponse>,
  subtle: Subtle,
): Promise<PublishedPost | null> {
  const { server, site, post } = config
  const response = await get(`${server}/v1/sites/${site}/posts/${post}/manifest`)
  if (response.status !== 200) return null
  const manifest = await verifyManifest(await response.text(), config, subtle)
  return manifest && { manifest, mirrors: decodeMirrors(response.headers.get(mirrorsHeader), server) }
}

/**
 * Reads an envelope that the site's key signed for this very post. Returns null if no signature holds, or if the manifest
 * is about another post. Throws `WireError` if the text is not an envelope with a manifest.
 */
export async function verifyManifest(
  text: string,
  { site, post, key }: Omit<PostConfig, 'server'>,
  subtle: Subtle,
): Promise<Manifest | null> {
  const payload = await signedPayload(text, { type: manifestPayloadType, key }, subtle)
  const manifest = payload && decodeManifest(payload)
  return manifest?.site === site && manifest.post === post ? manifest : null
}
