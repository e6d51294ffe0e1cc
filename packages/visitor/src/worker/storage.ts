const cacheName = 'peerpress-lease'

/** Opens the cache with the worker's data that survives its restarts. */
export function openStorage(): Promise<Cache> {
  return caches.open(cacheName)
}

/** Removes everything that worker and pages stored. */
export async function clearStorage(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith('peerpress')) await caches.delete(name)
}
