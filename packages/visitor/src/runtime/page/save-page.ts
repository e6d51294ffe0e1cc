import type { Manifest, PageConfig } from '@peerpress/wire'
import { savedPages } from '../../saved-page.ts'
import type { SnapshotModule } from '../../snapshot/main.ts'

/** Has a copy of the page kept for when the origin is down, once the page has loaded and has nothing else to do. */
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

/** A post that was revoked is shown no more. */
export async function dropSavedPage(url: string): Promise<void> {
  if (await caches.has(savedPages)) await (await caches.open(savedPages)).delete(url)
}
