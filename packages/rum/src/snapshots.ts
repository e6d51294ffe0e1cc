import type { Beacon } from '@peerpress/wire'

/** What of a view is known from its start. */
export type ViewStart = Pick<
  Beacon,
  'site' | 'post' | 'view' | 'url' | 'navigation' | 'referrer' | 'campaign' | 'session'
> & {
  /** Start of its navigation, ms of the document's clock. */
  readonly startedAt: number
}
/** What of a view changes while it lasts. */
export type ViewFigures = Pick<
  Beacon,
  'arm' | 'connection' | 'vitals' | 'attribution' | 'load' | 'delivery' | 'engagement'
>

/** The snapshots of one view, and how much of them the server has. */
export interface Snapshots {
  /** Takes the figures of now in place of the earlier ones. */
  update(figures: ViewFigures): void
  /**
   * The snapshot to send at `now` (ms of the document's clock); null when the latest figures were sent already. No
   * number is used twice, so that a gap tells of a loss.
   */
  next(now: number): Beacon | null
  /** The snapshot of that number did not arrive: its figures have to be sent again, unless later ones were sent. */
  lost(sequence: number): void
  /** Whether figures that were sent did not arrive and wait to be sent again. */
  owes(): boolean
}

/** The highest number a snapshot may have. */
const maxSequence = 10_000
const maxAge = 7 * 24 * 60 * 60 * 1000

/** Starts a view's numbering: the first snapshot is number 1. */
export function createSnapshots({ startedAt, ...identity }: ViewStart): Snapshots {
  let figures: ViewFigures | undefined
  let sent = ''
  let sequence = 0
  return {
    update(latest) {
      figures = latest
    },
    next(now) {
      const text = JSON.stringify(figures)
      if (!figures || text === sent || sequence === maxSequence) return null
      sent = text
      sequence += 1
      const age = Math.min(Math.max(0, Math.round(now - startedAt)), maxAge)
      return { version: 1, ...identity, sequence, age, ...figures }
    },
    lost(number) {
      if (number === sequence) sent = ''
    },
    owes: () => sequence > 0 && sent === '',
  }
}
