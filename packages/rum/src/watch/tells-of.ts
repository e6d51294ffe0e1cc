import { attempt } from '../attempt.ts'

/** Whether the browser tells of performance entries of that type. */
export function tellsOf(type: string): boolean {
  return attempt(() => PerformanceObserver.supportedEntryTypes.includes(type), false)
}
