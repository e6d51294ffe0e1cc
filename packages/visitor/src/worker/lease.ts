import { openStorage } from './storage.ts'

/** ms for which the worker may stay after it last saw a page that wants it. */
const leaseLength = 7 * 24 * 60 * 60 * 1000
const key = '/peerpress-lease'

/** A page wants the worker: it may stay another week. */
export async function renewLease(now: number): Promise<void> {
  const cache = await openStorage()
  await cache.put(key, new Response(`${now}`))
}

/** Whether no page wanted the worker for a week. A worker that never saw one begins its week now. */
export async function leaseLapsed(now: number): Promise<boolean> {
  const cache = await openStorage()
  const stored = await cache.match(key)
  if (!stored) {
    await renewLease(now)
    return false
  }
  return now - Number(await stored.text()) > leaseLength
}
