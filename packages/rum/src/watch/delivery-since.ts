import type { Delivery } from '@peerpress/wire'

/**
 * Returns the delivery figures between two moments of one document. A document that is restored from the back/forward
 * cache continues to count, but is a new view, so the figures of its earlier views are subtracted. null before a
 * manifest was verified.
 */
export function deliverySince(before: Delivery | null, now: Delivery | null): Delivery | null {
  return before && now ? subtract(now, before) : now
}

/** A complete asset can be requested again, so a count may fall. Differences are never below 0. */
function subtract<T extends object>(now: T, before: T): T {
  const entries = Object.entries(now).map(([name, value]) => {
    const earlier: unknown = before[name as keyof T]
    return [
      name,
      typeof value === 'number' ? Math.max(0, value - (earlier as number)) : subtract(value, earlier as T),
    ]
  })
  return Object.fromEntries(entries) as T
}
