import type { DropReason } from './drop-reason.ts'

/**
 * What is counted beside drops: accepted views of people and of bots, readers' clocks that are off by more than five minutes,
 * replaced place files, and failures of log segments.
 */
export const furtherCounts = [
  'accepted',
  'bot',
  'clock-skewed',
  // An ignored field of a later release.
  'unknown-field',
  'place-file-replaced',
  'place-file-refused',
  'segment-damaged',
  'segment-refused',
  'segment-unreadable',
  'store-failure',
] as const
/** A name of the collector's counts. */
export type CollectorCount = DropReason | (typeof furtherCounts)[number]
