import type { Beacon, TimedDelivery } from '@peerpress/wire'
import { tellsOf } from './tells-of.ts'

/** The figures that accumulate while a view lasts. */
export interface Tallies {
  /** Figures of images and media from Resource Timing; null until it reports one. */
  delivery: TimedDelivery | null
  readonly resources: NonNullable<Beacon['resources']> | null
  readonly longFrames: NonNullable<Beacon['longFrames']> | null
  readonly errors: NonNullable<Beacon['errors']>
  readonly actions: NonNullable<Beacon['actions']>
  readonly events: NonNullable<Beacon['events']>
  readonly playback: NonNullable<Beacon['playback']>
}

/** Returns empty figures; null for those that this browser does not report. */
export function noTallies(): Tallies {
  return {
    delivery: null,
    resources: tellsOf('resource') ? [] : null,
    longFrames: tellsOf('long-animation-frame') ? { count: 0, duration: 0, blocking: 0 } : null,
    errors: { scripts: 0, resources: 0, samples: [] },
    actions: { interactions: 0, copies: 0, outbound: 0, downloads: 0 },
    events: [],
    playback: { played: 0, stalled: 0, stalls: 0 },
  }
}

/** Adds to one of an object's figures, up to `most`. A collector would refuse a beacon with a larger figure. */
export function add<Name extends string>(
  figures: Record<Name, number>,
  name: Name,
  by = 1,
  most = 1e6,
): void {
  figures[name] = Math.min(figures[name] + by, most)
}
