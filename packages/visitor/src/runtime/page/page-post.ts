import { fetchManifest, type PublishedPost } from '@peerpress/peer'
import type { PageConfig } from '@peerpress/wire'
import { remembersNewer } from '../storage/version-memory.ts'
import { dropSavedPage } from './save-page.ts'

const fetchTimeout = 10_000

/** Fetches the page's post. Returns null if no manifest may be used. Rejects if the server cannot be reached. */
export async function fetchPost(config: PageConfig): Promise<PublishedPost | null> {
  const signal = AbortSignal.timeout(fetchTimeout)
  const published = await fetchManifest(
    config,
    (url) => fetch(url, { credentials: 'omit', priority: 'low', signal }),
    crypto.subtle,
  )
  if (!published || remembersNewer(published.manifest)) return null
  if (!published.manifest.revoked) return published
  await dropSavedPage(published.manifest.url)
  return null
}
