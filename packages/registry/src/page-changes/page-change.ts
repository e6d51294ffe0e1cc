import type { PostId, SiteId } from '@peerpress/wire'

/**
 * The states of a change. `waiting`: the page is in the half that waits. `queued`, `written` and `undoing` end by themselves.
 * `proven`: the page shows it. `not-shown`: the CMS has it, and the page does not show it. `conflict`: somebody edited the page's
 * fields, so nothing was overwritten. `undone`, `cancelled` and `failed` are final.
 */
export const pageChangeStatuses = [
  'waiting',
  'queued',
  'written',
  'proven',
  'not-shown',
  'conflict',
  'failed',
  'undoing',
  'undone',
  'cancelled',
] as const
export type PageChangeStatus = (typeof pageChangeStatuses)[number]

/** Title and description as the CMS stores them; null: none. */
export interface PageFields {
  readonly title: string | null
  readonly description: string | null
}

/** A change of one page's title or description, in a trial. */
export interface PageChange {
  readonly id: string
  readonly trial: string
  readonly site: SiteId
  readonly post: PostId
  readonly url: string
  /** Whether the page is in the half that is changed; the other half waits. */
  readonly isChangedHalf: boolean
  /** The new title; null if it stays. */
  readonly title: string | null
  /** The new description; null if it stays. */
  readonly description: string | null
  /** What the page showed when a person approved the change. A page that shows something else meanwhile is not changed. */
  readonly seen: PageFields
  readonly status: PageChangeStatus
  /** Whose fields were written: an SEO plugin's name, or `peerpress`. Null before. */
  readonly place: string | null
  /** What the CMS stored before; null before it was written. */
  readonly before: PageFields | null
  /** Why it failed, or what delays it; null if nothing does. */
  readonly error: string | null
  readonly writtenAt: Date | null
  readonly provenAt: Date | null
  readonly updatedAt: Date
}

/** A change that is tried on a random half of comparable pages. */
export interface PageTrial {
  readonly id: string
  readonly site: SiteId
  /** What the change is about. */
  readonly kind: string
  /** The name of the person who started it. */
  readonly startedBy: string
  readonly startedAt: Date
  /** When somebody ended it, so that its pages can be in another one; null while it is open. */
  readonly endedAt: Date | null
  readonly rolledBackBy: string | null
  readonly rolledBackAt: Date | null
}

/** The queue of changes to write, to prove or to undo. */
export const pageChangeQueue = 'page-changes'
