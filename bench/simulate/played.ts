import type { Scenario } from './scenario.ts'

/** A scenario that was played, in whichever mode. */
export interface Played {
  readonly scenario: Scenario
  /** When the readers came, ms, in order. */
  readonly arrivals: readonly number[]
  readonly readers: readonly PlayedReader[]
  /** Bytes of the asset, and bytes that the origin sent. */
  readonly size: number
  readonly originSent: number
  /** Events of the simulation. */
  readonly events: number
}

/** How one reader fared. Bytes, ms. */
export interface PlayedReader {
  readonly freeRider: boolean
  readonly arrivedAt: number
  /** Infinity: it never had everything. */
  readonly finishedAt: number
  readonly uploaded: number
  /** Bytes that came in and were of use. */
  readonly received: number
  /** Bytes that came in. */
  readonly arrived: number
}
