import { ownWorkers } from './register-worker.ts'

/** Prefix of the keys of seen versions and upload counts. */
const visitKeys = 'peerpress:visit:'

/** Removes all data in this reader's browser except the choice itself: the worker, all caches, seen versions, stored reports. */
export async function takeLeave(worker: string): Promise<void> {
  for (const key of Object.keys(localStorage)) if (key.startsWith(visitKeys)) localStorage.removeItem(key)
  const names = (await caches.keys()).filter((name) => name.startsWith('peerpress'))
  await Promise.all(names.map((name) => caches.delete(name)))
  for (const registration of await ownWorkers(worker)) await registration.unregister()
  // The SDK's. Last, because some private windows have none and throw.
  indexedDB.deleteDatabase('peerpress-beacons')
}
