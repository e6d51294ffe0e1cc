import { decodeSnapshot, encodeHex, type Manifest, type PageConfig, type Snapshot } from '@peerpress/wire'
import { cachedResponse } from '../cached-response.ts'
import type { PageCall } from '../port-message.ts'
import { savedPages, savedParts } from '../saved-page.ts'
import { withoutFragment } from '../without-fragment.ts'
import { savedCopy } from './saved-copy.ts'
import { keepParts, partsOf } from './saved-parts.ts'

/** Pages that are kept at most; the one that was not read for longest goes first. */
const maxPages = 20

/** What the page runtime finds in the snapshot's script. */
export interface SnapshotModule {
  readonly keepSnapshot: typeof keepSnapshot
}

/**
 * Keeps the signed copy of a page in this reader's browser, with the styles, scripts and fonts of its own site that the
 * page was just read with, for the worker to show while the origin is down. It is read back from the HTTP cache, or else
 * fetched from the server's mirror, and kept only when it is what the manifest names. Nothing is kept once `signal`
 * says that the reader takes no part any more. Rejects when it cannot be had.
 */
export async function keepSnapshot(
  config: PageConfig,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  const { url } = manifest
  if (new URL(url).origin !== location.origin) return
  await isControlled()
  const pages = await caches.open(savedPages)
  const parts = await caches.open(savedParts)
  // Whoever withdraws from now on removes these very caches, and what is put into them later is put nowhere.
  if (signal.aborted) {
    await Promise.all([caches.delete(savedPages), caches.delete(savedParts)])
    return
  }
  if (manifest.snapshot === undefined) {
    await pages.delete(url)
  } else {
    const snapshot = decodeSnapshot(manifest.snapshot)
    const kept = await pages.match(url)
    const isSame = kept?.headers.get('etag') === `"${snapshot.id}"`
    const copy = isSame
      ? kept
      : savedCopy(await fetchSnapshot(snapshot, url, config), {
          snapshot,
          manifest,
          text: config.snapshot?.text,
        })
    // Of this post, the page that is open may be another one: its second part, or its comments.
    if (withoutFragment(location.href) === url) await keepParts(parts, partsOf(config), isSame)
    navigator.serviceWorker.controller?.postMessage({ peerpress: 'saved', url } satisfies PageCall)
    // A page that is put again is the last in order.
    await pages.put(url, copy)
  }
  await evict(pages)
}

/** Resolves when the worker controls the page. Without a worker, a copy would be shown to nobody. */
async function isControlled(): Promise<void> {
  const { serviceWorker } = navigator
  if (serviceWorker.controller) return
  await new Promise((resolve) => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
}

/** The bytes that the manifest names. Throws when nobody has them. */
async function fetchSnapshot(
  snapshot: Snapshot,
  url: string,
  { server }: PageConfig,
): Promise<Uint8Array<ArrayBuffer>> {
  const sources = [
    () => cachedResponse(url),
    () => fetch(`${server}/v1/mirror/${snapshot.id}`, { credentials: 'omit', priority: 'low' }),
  ]
  for (const source of sources) {
    const response = await source().catch(() => null)
    const bytes = response?.status === 200 ? new Uint8Array(await response.arrayBuffer()) : null
    if (bytes && (await nameOf(bytes)) === snapshot.id) return bytes
  }
  throw new Error('nobody has the page that was signed')
}

/** As that of an asset of one chunk. */
async function nameOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', bytes)
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', hash)))
}

async function evict(pages: Cache): Promise<void> {
  const kept = await pages.keys()
  for (const old of kept.slice(0, Math.max(0, kept.length - maxPages))) await pages.delete(old)
}
