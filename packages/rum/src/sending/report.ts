import type { Beacon } from '@peerpress/wire'

/** A complete report of one view. A later report replaces an earlier one. */
export type Report = Beacon
