import {
  decodeManifest,
  decodeMirrors,
  type Manifest,
  manifestPayloadType,
  mirrorsHeader,
  type PageConfig,
} from '@peerpress/wire'
import { signedPayload } from '../../signed-payload.ts'
import { dropSavedPage } from './save-page.ts'
import { remembersNewer } from '../storage/version-memory.ts'

const fetchTimeout = 10_000

/** A post as the server tells it. */
export interface PublishedPost {
  /** Verified. */
  readonly manifest: Manifest
  /** What the id of an asset is put after for each copy of it, in the order they are asked; not verified. */
  readonly mirrors: readonly string[]
}

/** The page's post; null when there is no manifest that may be used. Rejects when the server is not there. */
export async function fetchManifest(config: PageConfig): Promise<PublishedPost | null> {
  const url = `${config.server}/v1/sites/${config.site}/posts/${config.post}/manifest`
  const signal = AbortSignal.timeout(fetchTimeout)
  const response = await fetch(url, { credentials: 'omit', priority: 'low', signal })
  if (!response.ok) return null
  const manifest = await verifyManifest(await response.text(), config)
  if (!manifest || remembersNewer(manifest)) return null
  const mirrors = decodeMirrors(response.headers.get(mirrorsHeader), config.server)
  if (!manifest.revoked) return { manifest, mirrors }
  await dropSavedPage(manifest.url)
  return null
}

/**
 * Reads an envelope that the site's key signed for this very post. null when no signature holds or it is about
 * another post. Throws `WireError` when it is no envelope with a manifest at all.
 */
export async function verifyManifest(
  text: string,
  { site, post, key }: Pick<PageConfig, 'site' | 'post' | 'key'>,
): Promise<Manifest | null> {
  const payload = await signedPayload(text, { type: manifestPayloadType, key })
  const manifest = payload && decodeManifest(payload)
  return manifest?.site === site && manifest.post === post ? manifest : null
}
