import { observe } from 'web-vitals/lib/observe.js'
import { attempt } from '../attempt.ts'

/**
 * Passes every entry of a type to `take`, including earlier ones, until `signal` aborts. Errors of `take` are ignored.
 */
export function observeEntries<Type extends EntryType>(
  type: Type,
  take: (entry: Parameters<Parameters<typeof observe<Type>>[1]>[0][number]) => void,
  signal: AbortSignal,
): void {
  const observer = observe([type], (entries) => attempt(() => entries.forEach(take)))
  signal.addEventListener('abort', () => observer?.disconnect())
}

type EntryType = Parameters<typeof observe>[0][number]
