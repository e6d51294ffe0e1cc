import type { Role } from '@peerpress/wire'
import { createTracker, type Tracker, type TrackerOptions } from './tracker.ts'

export interface TrackerRole extends Role {
  /** The tracker while the role runs; else null. */
  readonly tracker: () => Tracker | null
}

export interface TrackerRoleOptions {
  /** Makes the options of the tracker when the role starts. */
  readonly options: () => Promise<TrackerOptions>
  /** Calls `changed` after each change that may close lines. @returns ends the calls */
  readonly followPolicies: (changed: () => Promise<void>) => Promise<() => Promise<void>>
}

/** The tracker as a role of a server. */
export function createTrackerRole({ options, followPolicies }: TrackerRoleOptions): TrackerRole {
  let tracker: Tracker | null = null
  let unfollow = async (): Promise<void> => undefined
  return {
    name: 'tracker',
    tracker: () => tracker,
    start: async () => {
      const created = createTracker(await options())
      try {
        unfollow = await followPolicies(() => created.enforcePolicies())
      } catch (error) {
        await created.close()
        throw error
      }
      tracker = created
    },
    stop: async () => {
      const stopping = tracker
      tracker = null
      await Promise.all([unfollow(), stopping?.close()])
    },
    health: async () =>
      tracker === null ? { ok: false, detail: 'it is not open' } : { ok: true, detail: null },
  }
}
