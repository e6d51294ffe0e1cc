import { ownWorkers } from './register-worker.ts'

/** Begins the keys that tell what was read, in which version, and how much was given. */
const visitKeys = 'peerpress:visit:'

/** Removes what was stored in this reader's browser, but for the choice itself: the worker, all caches, versions seen, reports kept. */
export async function takeLeave(worker: string): Promise<void> {
  for (const key of Object.keys(localStorage)) if (key.startsWith(visitKeys)) localStorage.removeItem(key)
  const names = (await caches.keys()).filter((name) => name.startsWith('peerpress'))
  await Promise.all(names.map((name) => caches.delete(name)))
  for (const registration of await ownWorkers(worker)) await registration.unregister()
  // The SDK's. Last, because some private windows have none and throw.
  indexedDB.deleteDatabase('peerpress-beacons')
}
