import { attempt } from '../attempt.ts'

/** Returns whether the browser reports performance entries of that type. */
export function tellsOf(type: string): boolean {
  return attempt(() => PerformanceObserver.supportedEntryTypes.includes(type), false)
}
