import type { Beacon } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import type { BeforeSend } from './before-send.ts'
import type { Tallies } from '../watch/tallies.ts'
import { toJson } from '@peerpress/wire/to-json'

/** The fields of a view that are known from its start. */
export type ViewStart = Pick<
  Beacon,
  | 'site'
  | 'post'
  | 'view'
  | 'url'
  | 'sampling'
  | 'automated'
  | 'hidden'
  | 'navigation'
  | 'referrer'
  | 'campaign'
  | 'session'
> & {
  /** Start of its navigation, ms of the document's clock. */
  readonly startedAt: number
}
/** The fields of a view that change while it lasts. */
export type ViewFigures = Pick<
  Beacon,
  | 'arm'
  | 'connection'
  | 'vitals'
  | 'attribution'
  | 'load'
  | 'delivery'
  | 'engagement'
  | keyof Tallies
  | 'timing'
>

/** The snapshots of one view, and the record of which of them were delivered. */
export interface Snapshots {
  /** Replaces the figures by the current ones. */
  update(figures: ViewFigures): void
  /** Returns the beacon that `next` would return. */
  peek(now: number): Beacon | null
  /**
   * Returns the snapshot to send at `now` (ms of the document's clock); null if the latest figures were already sent or
   * may not be sent. No number is used twice, so a gap shows a loss.
   */
  next(now: number): Beacon | null
  /** Records that the beacon returned by `peek` was sent. */
  skip(): void
  /**
   * Records that the snapshot with that number was not delivered. Its figures must be sent again, unless later ones
   * were sent.
   */
  lost(sequence: number): void
  /** Returns whether undelivered figures must be sent again. */
  owes(): boolean
}

/** Maximum number of a snapshot. */
const maxSequence = 10_000
const maxAge = 7 * 24 * 60 * 60 * 1000
/**
 * Advance of the time of day that counts as a clock correction, ms. A larger one means that the document's clock stood
 * still.
 */
const correction = 60_000

/** Difference between the time of day and the document's clock, ms. */
const lead = (): number => Date.now() - performance.now()

/**
 * Starts the snapshots of a view; the first has number 1. If `beforeSend` throws, nothing is sent. The document's clock
 * stops while some devices sleep (https://github.com/w3c/hr-time/issues/115), so the growth of `leadOf` is added to the
 * view's age.
 */
export function createSnapshots(
  { startedAt, ...identity }: ViewStart,
  beforeSend: BeforeSend = (beacon) => beacon,
  leadOf = lead,
): Snapshots {
  const leadThen = leadOf()
  let figures: ViewFigures | undefined
  let sent = ''
  let sequence = 0

  const peek = (now: number): Beacon | null => {
    if (!figures || toJson(figures) === sent || sequence === maxSequence) return null
    const slept = leadOf() - leadThen
    const awake = now - startedAt
    const age = Math.min(Math.max(0, Math.round(slept > correction ? awake + slept : awake)), maxAge)
    const beacon: Beacon = { version: 1, ...identity, sequence: sequence + 1, age, ...figures }
    return attempt(() => beforeSend(beacon), null)
  }

  return {
    update(latest) {
      figures = latest
    },
    peek,
    next(now) {
      const beacon = peek(now)
      if (beacon) {
        sent = toJson(figures)
        sequence += 1
      }
      return beacon
    },
    skip() {
      sequence += 1
    },
    lost(number) {
      if (number === sequence) sent = ''
    },
    owes: () => sequence > 0 && sent === '',
  }
}
