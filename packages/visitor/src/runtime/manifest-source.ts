import { decodeManifest, type Manifest, manifestPayloadType, type PageConfig } from '@peerpress/wire'
import { signedPayload } from '../signed-payload.ts'
import { remembersNewer } from './version-memory.ts'

const fetchTimeout = 10_000

/** The page's manifest, verified; null when there is none that may be used. Rejects when the server is not there. */
export async function fetchManifest(config: PageConfig): Promise<Manifest | null> {
  const url = `${config.server}/v1/sites/${config.site}/posts/${config.post}/manifest`
  const signal = AbortSignal.timeout(fetchTimeout)
  const response = await fetch(url, { credentials: 'omit', priority: 'low', signal })
  if (!response.ok) return null
  const manifest = await verifyManifest(await response.text(), config)
  return !manifest || remembersNewer(manifest) || manifest.revoked ? null : manifest
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
