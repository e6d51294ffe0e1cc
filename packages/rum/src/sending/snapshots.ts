import type { Beacon } from '@peerpress/wire'
import { attempt } from '../attempt.ts'
import type { BeforeSend } from './before-send.ts'
import type { Tallies } from '../watch/tallies.ts'
import { toJson } from '@peerpress/wire/to-json'

/** What of a view is known from its start. */
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
/** What of a view changes while it lasts. */
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

/** The snapshots of one view, and how much of them the server has. */
export interface Snapshots {
  /** Takes the figures of now in place of the earlier ones. */
  update(figures: ViewFigures): void
  /** What `next` would give. */
  peek(now: number): Beacon | null
  /**
   * The snapshot to send at `now` (ms of the document's clock); null when the latest figures were sent already, or may
   * not be sent. No number is used twice, so that a gap tells of a loss.
   */
  next(now: number): Beacon | null
  /** What `peek` gave was sent. */
  skip(): void
  /** The snapshot of that number did not arrive: its figures have to be sent again, unless later ones were sent. */
  lost(sequence: number): void
  /** Whether figures that were sent did not arrive and wait to be sent again. */
  owes(): boolean
}

/** The highest number a snapshot may have. */
const maxSequence = 10_000
const maxAge = 7 * 24 * 60 * 60 * 1000
/** ms up to which the time of day is taken to have been corrected, and not to have gone on without the document's clock. */
const correction = 60_000

/** By how much the time of day is ahead of the document's clock, ms. */
const lead = (): number => Date.now() - performance.now()

/**
 * Starts a view's numbering: the first snapshot is number 1. What `beforeSend` throws is no consent to send. The
 * document's clock stands still while some devices sleep (https://github.com/w3c/hr-time/issues/115): what `leadOf` grows by
 * meanwhile is part of the view's age.
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
