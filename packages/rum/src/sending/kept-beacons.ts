import type { Beacon } from '@peerpress/wire'

/** A stored beacon that was not delivered. */
export interface Kept {
  readonly beacon: Beacon
  /** Time at which it was made, ms since the Unix epoch. */
  readonly at: number
  /** Time before which the server accepts no beacons, ms since the Unix epoch. */
  readonly until: number
}

/** The loader also removes it when the reader objects. */
const database = 'peerpress-beacons'
const table = 'views'
/** Maximum number of stored views. The newest are kept. */
const maxViews = 20

/** Stores a beacon, and replaces an earlier one of its view. */
export function keepBeacon(kept: Kept): Promise<unknown> {
  return inTable((views) => {
    const keys = views.getAllKeys()
    // The ids of views are in chronological order.
    keys.onsuccess = () => keys.result.slice(0, -maxViews + 1).forEach((key) => views.delete(key))
    return views.put(kept, kept.beacon.view)
  })
}

/** Returns the stored beacons, oldest view first. */
export function keptBeacons(): Promise<readonly Kept[]> {
  return inTable((views) => views.getAll() as IDBRequest<Kept[]>)
}

/** Removes the stored beacon of a view. */
export function forgetBeacon({ view }: Pick<Beacon, 'view'>): Promise<unknown> {
  return inTable((views) => views.delete(view))
}

/** Removes all stored beacons. */
export function forgetBeacons(): void {
  indexedDB.deleteDatabase(database)
}

/** Rejects without IndexedDB, as in some private windows, or if the page's script removed the table. */
async function inTable<Result>(ask: (views: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const open = indexedDB.open(database, 1)
    open.addEventListener('error', reject)
    open.onupgradeneeded = () => open.result.createObjectStore(table)
    open.onsuccess = () => resolve(open.result)
  })
  // Not in the event's handler, because an error there would reach the page.
  const transaction = opened.transaction(table, 'readwrite')
  const request = ask(transaction.objectStore(table))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      // An open database would block its removal by the loader.
      opened.close()
      resolve(request.result)
    }
    transaction.addEventListener('abort', reject)
  })
}
