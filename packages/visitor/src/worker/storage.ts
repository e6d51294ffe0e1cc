const cacheName = 'peerpress-lease'

/** What the worker remembers over its restarts. */
export function openStorage(): Promise<Cache> {
  return caches.open(cacheName)
}

/** Forgets everything the worker stored. */
export async function clearStorage(): Promise<void> {
  await caches.delete(cacheName)
}
