import { type DropReason, dropReasons } from './drop-reason.ts'

/**
 * Events that are counted beside drops: views accepted as a person's and as a bot's, readers' clocks that are off by
 * more than five minutes, replaced files of places that could be read or not, and failures of segments.
 */
const furtherCounts = [
  'accepted',
  'bot',
  'clock-skewed',
  // An ignored field, which a later release may define.
  'unknown-field',
  'place-file-replaced',
  'place-file-refused',
  'segment-damaged',
  'segment-refused',
  'segment-unreadable',
  'store-failure',
] as const

/** Names of the events and drops that the collector counts. */
export type CollectorCount = DropReason | (typeof furtherCounts)[number]

/** Returns counts of 0. */
export function noCounts(): Record<CollectorCount, number> {
  return Object.fromEntries([...furtherCounts, ...dropReasons].map((count) => [count, 0])) as Record<
    CollectorCount,
    number
  >
}
