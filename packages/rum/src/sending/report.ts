import type { Beacon } from '@peerpress/wire'

/** One report of one view, whole: a later one replaces an earlier one. */
export type Report = Beacon
