import type { Beacon, TimedDelivery } from '@peerpress/wire'
import { tellsOf } from './tells-of.ts'

/** What adds up while a view lasts. */
export interface Tallies {
  /** What Resource Timing tells of pictures and media; null as long as it tells nothing. */
  delivery: TimedDelivery | null
  readonly resources: NonNullable<Beacon['resources']> | null
  readonly longFrames: NonNullable<Beacon['longFrames']> | null
  readonly errors: NonNullable<Beacon['errors']>
  readonly actions: NonNullable<Beacon['actions']>
  readonly events: NonNullable<Beacon['events']>
  readonly playback: NonNullable<Beacon['playback']>
}

/** Nothing yet; null what this browser does not tell. */
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

/** Adds to one of an object's figures; never past `most`, beyond which no beacon would be taken. */
export function add<Name extends string>(
  figures: Record<Name, number>,
  name: Name,
  by = 1,
  most = 1e6,
): void {
  figures[name] = Math.min(figures[name] + by, most)
}
