import type { Beacon } from '@peerpress/wire'

/** A beacon that did not arrive. */
export interface Kept {
  readonly beacon: Beacon
  /** When it was made, ms since the Unix epoch. */
  readonly at: number
  /** Before this the server wants to hear nothing, ms since the Unix epoch. */
  readonly until: number
}

/** Removed by the loader too when the reader objects. */
const database = 'peerpress-beacons'
const table = 'views'
/** Views that are kept at most, the youngest of them. */
const maxViews = 20

/** Keeps a beacon, in place of an earlier one of its view. */
export function keepBeacon(kept: Kept): Promise<unknown> {
  return inTable((views) => {
    const keys = views.getAllKeys()
    // The ids of views are in the order of their time.
    keys.onsuccess = () => keys.result.slice(0, -maxViews + 1).forEach((key) => views.delete(key))
    return views.put(kept, kept.beacon.view)
  })
}

/** What is kept, oldest view first. */
export function keptBeacons(): Promise<readonly Kept[]> {
  return inTable((views) => views.getAll() as IDBRequest<Kept[]>)
}

/** Forgets what is kept of a view. */
export function forgetBeacon({ view }: Pick<Beacon, 'view'>): Promise<unknown> {
  return inTable((views) => views.delete(view))
}

/** Forgets all of them. */
export function forgetBeacons(): void {
  indexedDB.deleteDatabase(database)
}

/** Rejects where there is no IndexedDB, as in some private windows, or no such table, as a script of the page may see to. */
async function inTable<Result>(ask: (views: IDBObjectStore) => IDBRequest<Result>): Promise<Result> {
  const opened = await new Promise<IDBDatabase>((resolve, reject) => {
    const open = indexedDB.open(database, 1)
    open.addEventListener('error', reject)
    open.onupgradeneeded = () => open.result.createObjectStore(table)
    open.onsuccess = () => resolve(open.result)
  })
  // Not in the event's handler: what that throws reaches the page.
  const transaction = opened.transaction(table, 'readwrite')
  const request = ask(transaction.objectStore(table))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      // An open database would keep the loader from removing it.
      opened.close()
      resolve(request.result)
    }
    transaction.addEventListener('abort', reject)
  })
}
