const cacheName = 'peerpress-lease'

/** What the worker remembers over its restarts. */
export function openStorage(): Promise<Cache> {
  return caches.open(cacheName)
}

/** Forgets everything that worker and pages stored. */
export async function clearStorage(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('peerpress')) await caches.delete(name)
}
