import { type EngineOptions, sentFramePayload } from '@peerpress/swarm'

/** What a reader runs: our code in a browser, or the same engine in Node, as a seed without a disk. */
export type Shell = 'browser' | 'node'

/** Readers who come to one post, all for the first time. Sizes are bytes, rates bytes/ms, times ms. */
export interface PostScenario {
  readonly seed: number
  /** What each reader runs, in order of arrival. */
  readonly readers: readonly Shell[]
  /** They arrive at any moment within this time. */
  readonly within: number
  /** Sizes of the post's assets in the order of the page. */
  readonly assets: readonly number[]
  /** How many of them, from the first on, are seen without scrolling. */
  readonly aboveFold: number
  readonly originUp: number
  readonly down: number
  readonly up: number
  /** One way, between any two hosts. */
  readonly delay: number
  /** From an introduction to an open data channel. */
  readonly connect: number
  /** Share of a link's rate that carries content; headers take the rest. */
  readonly goodput: { readonly peer: number; readonly http: number }
  /** Payload of a frame at most. */
  readonly frameBytes: number
  /** A chunk counts as sent when this much of it, or less, is still in the channel's buffer. */
  readonly lowWater: number
  /** Whether a page hands whole files to the engine as soon as it knows the swarm's size, even without a peer. */
  readonly demandsAlone: boolean
  readonly engine: Omit<EngineOptions, 'manifestVersion'>
}

/** bytes/ms of one Mbit/s */
const mbit = 125

/** The post of the flash-crowd bench: twelve pictures of 400 kB, of which two are seen at once, and a video of 5.2 MB. */
const post = {
  assets: [...Array.from({ length: 12 }, () => 400_000), 5_200_000],
  aboveFold: 2,
}

const shipped = {
  delay: 5,
  connect: 300,
  goodput: { peer: 0.9, http: 0.95 },
  frameBytes: sentFramePayload,
  lowWater: 32 * 1024,
  demandsAlone: true,
  engine: {},
}

/** Links of the flash-crowd bench, 20 Mbit/s from the origin, 20 to each reader and 10 from it, all divided by `scale`. */
function linksAt(scale: number): Pick<PostScenario, 'originUp' | 'down' | 'up' | 'within'> {
  return {
    originUp: (20 * mbit) / scale,
    down: (20 * mbit) / scale,
    up: (10 * mbit) / scale,
    within: 10_000 * scale,
  }
}

/** Eight browsers at an eighth of the rates. */
export const eightBrowsers: PostScenario = {
  seed: 1,
  readers: Array.from({ length: 8 }, () => 'browser' as const),
  ...post,
  ...linksAt(8),
  ...shipped,
}

/** Twelve browsers at a quarter of the rates. */
export const twelveBrowsers: PostScenario = {
  ...eightBrowsers,
  readers: Array.from({ length: 12 }, () => 'browser' as const),
  ...linksAt(4),
}

/** Two dozen readers at half of the rates, four of them browsers. */
export const twoDozen: PostScenario = {
  ...eightBrowsers,
  readers: Array.from({ length: 24 }, (_, index) => (index % 6 === 5 ? 'browser' : 'node')),
  ...linksAt(2),
}
