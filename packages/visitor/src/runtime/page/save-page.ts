import type { Manifest, PageConfig } from '@peerpress/wire'
import { savedPages } from '../../saved-page.ts'
import type { SnapshotModule } from '../../snapshot/main.ts'

/** Saves a copy of the page for times when the origin is down. It waits until the page has loaded and is idle. */
export async function savePage(
  { snapshot, ...config }: PageConfig,
  manifest: Manifest,
  signal: AbortSignal,
): Promise<void> {
  if (!snapshot) return
  if (document.readyState !== 'complete')
    await new Promise((resolve) => addEventListener('load', resolve, { once: true }))
  // Safari has no idle callback.
  await new Promise((resolve) => (self.requestIdleCallback ?? setTimeout)(resolve))
  const { keepSnapshot } = (await import(snapshot.script)) as SnapshotModule
  await keepSnapshot({ ...config, snapshot }, manifest, signal)
}

/** Removes the copy of a revoked post. */
export async function dropSavedPage(url: string): Promise<void> {
  if (await caches.has(savedPages)) await (await caches.open(savedPages)).delete(url)
}
