import { observe } from 'web-vitals/lib/observe.js'
import { attempt } from '../attempt.ts'

/** Takes every entry of a type, those from before as well, until `signal` aborts. What `take` throws goes nowhere. */
export function observeEntries<Type extends EntryType>(
  type: Type,
  take: (entry: Parameters<Parameters<typeof observe<Type>>[1]>[0][number]) => void,
  signal: AbortSignal,
): void {
  const observer = observe([type], (entries) => attempt(() => entries.forEach(take)))
  signal.addEventListener('abort', () => observer?.disconnect())
}

type EntryType = Parameters<typeof observe>[0][number]
