import type { Delivery } from '@peerpress/wire'

/**
 * What was delivered between two moments of one document. A document that is restored from the back/forward cache
 * counts on, but is a new view: what its earlier views told already is taken off. null before a manifest was verified.
 */
export function deliverySince(before: Delivery | null, now: Delivery | null): Delivery | null {
  return before && now ? subtract(now, before) : now
}

/** An asset that was complete can be asked for anew, so that a count may fall: never below 0. */
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
