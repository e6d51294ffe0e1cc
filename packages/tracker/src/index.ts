export { networkOf } from './address-prefix.ts'
export { createTracker, type Tracker, type TrackerOptions } from './tracker.ts'
export { type TrackerEvent } from './event-counts.ts'
export { TrackerError, type TrackerErrorReason } from './tracker-error.ts'
