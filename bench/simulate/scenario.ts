import type { EngineOptions } from '@peerpress/swarm'

/** When readers come. */
export type Arrival =
  | { readonly kind: 'at-once' }
  /** Each at any moment within so many ms. */
  | { readonly kind: 'uniform'; readonly within: number }
  /** `rate` readers per second. */
  | { readonly kind: 'poisson'; readonly rate: number }
  /** A flash crowd: rate·e^(−decay·t) readers per second, t in seconds. */
  | { readonly kind: 'flash-crowd'; readonly rate: number; readonly decay: number }

/** One asset, its readers, their links and their manners. Rates are bytes/ms, times ms, shares 0-1. */
export interface Scenario {
  readonly seed: number
  /** Readers that want the asset. */
  readonly readers: number
  readonly chunks: number
  /** bytes, at most one frame: 64 KiB */
  readonly chunkSize: number
  readonly up: number
  /** Half of the readers have this share of `up`, the others so much more that they have `up` on average. Not in the coarse mode. */
  readonly slowUp: number
  readonly down: number
  readonly originUp: number
  /** One way, between any two. */
  readonly delay: number
  /** From an introduction to an open connection. */
  readonly connect: number
  readonly arrival: Arrival
  /** Share of all sources that claim to hold everything and send wrong bytes; they come on top of the readers. */
  readonly polluters: number
  /** Share of the readers that never offer anything. */
  readonly freeRiders: number
  /** Share of the readers behind a NAT: two of those cannot connect. */
  readonly blocked: number
  /** How long a reader stays on average, finished or not (exponential); Infinity: to the end. */
  readonly stay: number
  /** After so long a reader gives up. */
  readonly patience: number
  /** From so long after its arrival on a reader's demand would rather have the origin. */
  readonly deadline: number
  readonly engine: Omit<EngineOptions, 'manifestVersion'>
}

/** bytes/ms of one Mbit/s */
const mbit = 125

/** A thousand readers at once on links of 2 Mbit/s up and 16 down, an origin of 20 up, 50 ms between any two. */
export const flashMob: Scenario = {
  seed: 1,
  readers: 1000,
  chunks: 256,
  chunkSize: 64 * 1024,
  up: 2 * mbit,
  slowUp: 1,
  down: 16 * mbit,
  originUp: 20 * mbit,
  delay: 50,
  connect: 300,
  arrival: { kind: 'at-once' },
  polluters: 0,
  freeRiders: 0,
  blocked: 0,
  stay: Infinity,
  patience: Infinity,
  deadline: Infinity,
  engine: {},
}

/** Two dozen readers within ten seconds on links of 10 Mbit/s up and 20 down, and 10 MB: a small site's busy minute. */
export const smallCrowd: Scenario = {
  ...flashMob,
  readers: 24,
  chunks: 160,
  up: 10 * mbit,
  down: 20 * mbit,
  delay: 10,
  arrival: { kind: 'uniform', within: 10_000 },
}
