import { Figures } from '@peerpress/peer'
import type { SwarmEvent } from '@peerpress/swarm'
import type { Asset, AssetId, Delivery, PeerId } from '@peerpress/wire'
import type { ByteSource } from '../../port-message.ts'
import { isPlayerLoad } from '../storage/loaded-assets.ts'

/** What a Resource Timing entry says about a load that the worker had no hand in. */
export type LoadEntry = Pick<
  PerformanceResourceTiming,
  'initiatorType' | 'startTime' | 'responseEnd' | 'transferSize' | 'encodedBodySize' | 'responseStatus'
>

interface Account {
  readonly size: number
  /** It is on another origin than the page: an entry may hide how its load ended. */
  readonly isForeign: boolean
  /** Stretches that were counted, apart from each other: [start, end). */
  counted: (readonly [start: number, end: number])[]
  outcome: 'unasked' | 'pending' | 'complete' | 'failed'
  /** When the worker first answered for it, ms since the Unix epoch. */
  taken: number
  /** When the page last could not show it, ms since the Unix epoch. */
  failed: number
  /** Whether a load over the network was broken off, of which the browser tells no bytes. */
  brokenOff: boolean
}

/**
 * Counts where a view's asset bytes came from. The rules:
 * - An asset counts once, however often the page asks for it; how the latest request ended is how it ended.
 * - A byte of an asset counts once, for the first source that brought it to the page.
 * - What the worker answered is counted by the worker's messages; what was loaded before the worker answered
 *   anything for that asset is counted by its Resource Timing entry: as cache when less than its body travelled
 *   (a cached or revalidated copy), else as origin. An entry does not tell which range it brought: it counts as the
 *   next bytes that were not counted yet. The entry of a load that was broken off tells no bytes: what comes out of
 *   the cache after one counts as origin, since this view may have brought it there.
 * - An asset failed when its element says so (`error`), when the answer was HTTP 400 or above, or when the network
 *   failed before the first byte. A request that broke off later is no failure, and neither is one of a player
 *   whatever became of it: players, and pages, break off requests that they no longer want, and ask again. Another
 *   origin may hide status and sizes: then only the element's `error` is a failure, and no bytes are counted.
 */
export class DeliveryLedger {
  readonly #accounts: ReadonlyMap<AssetId, Account>
  readonly #bytes = { peer: 0, seed: 0, mirror: 0, origin: 0, cache: 0 }
  readonly #figures = new Figures()
  readonly #peers = new Set<PeerId>()
  readonly #fallbacks = new Set<number>()
  #wrongBytes = 0

  /** `origin`: the page's. */
  constructor(assets: readonly Asset[], origin: string) {
    this.#accounts = new Map(
      assets.map(({ id, size, url }) => [
        id,
        {
          size,
          isForeign: !url.startsWith(`${origin}/`),
          counted: [],
          outcome: 'unasked',
          taken: Infinity,
          failed: -Infinity,
          brokenOff: false,
        },
      ]),
    )
  }

  /** A load outside the worker. `timeOrigin`: ms since the Unix epoch that the entry's times count from. */
  loaded(asset: AssetId, entry: LoadEntry, timeOrigin: number): void {
    const account = this.#accounts.get(asset)
    if (!account || timeOrigin + entry.responseEnd >= account.taken) return
    const { responseStatus, encodedBodySize, transferSize } = entry
    // The entry comes after the event that says that the element could not use the answer.
    if (timeOrigin + entry.startTime <= account.failed) return
    if (responseStatus >= 400) {
      account.outcome = 'failed'
      return
    }
    // Absent in browsers that do not tell; 0 when the load failed or was broken off.
    if (responseStatus !== 0) account.outcome = 'complete'
    else if (account.isForeign) account.outcome = 'complete'
    else if (isNetworkFailure(entry)) account.outcome = 'failed'
    if (encodedBodySize === 0 && transferSize > 0) account.brokenOff = true
    const isCached = transferSize < encodedBodySize && !account.brokenOff
    this.bytes(
      asset,
      { start: firstUncounted(account), length: encodedBodySize },
      isCached ? 'cache' : 'origin',
    )
  }

  /** The page could not show the asset, at `at` ms since the Unix epoch. */
  failed(asset: AssetId, at: number): void {
    const account = this.#accounts.get(asset)
    if (!account) return
    account.failed = at
    account.outcome = 'failed'
  }

  /** The worker took a request over, at `at` ms since the Unix epoch. */
  taken(asset: AssetId, at: number): void {
    const account = this.#accounts.get(asset)
    if (!account) return
    account.taken = Math.min(account.taken, at)
    if (account.outcome !== 'complete') account.outcome = 'pending'
  }

  answered(asset: AssetId, complete: boolean): void {
    const account = this.#accounts.get(asset)
    if (account) account.outcome = complete ? 'complete' : 'failed'
  }

  bytes(
    asset: AssetId,
    { start, length }: { readonly start: number; readonly length: number },
    source: ByteSource,
  ): void {
    const account = this.#accounts.get(asset)
    if (account) this.#bytes[source] += cover(account, start, Math.min(start + length, account.size))
  }

  peerJoined(peer: PeerId): void {
    this.#peers.add(peer)
  }

  /** A demand that peers were asked for first and the origin completed; told twice it counts once. */
  fallback(demand: number): void {
    this.#fallbacks.add(demand)
  }

  wrong(bytes: number): void {
    this.#wrongBytes += bytes
  }

  /** Demands and received bytes are counted by the worker's messages, because they may be another page's. */
  swarmEvent(event: SwarmEvent): void {
    this.#figures.add(event)
  }

  /** The figures of this moment. */
  snapshot(): Delivery {
    const { rejectedChunks, droppedPeers, sent: uploaded } = this.#figures
    const outcomes = [...this.#accounts.values()].map(({ outcome }) => outcome)
    return {
      assets: {
        complete: outcomes.filter((outcome) => outcome === 'complete').length,
        failed: outcomes.filter((outcome) => outcome === 'failed').length,
      },
      bytes: { ...this.#bytes },
      wrongBytes: this.#wrongBytes,
      rejectedChunks,
      droppedPeers,
      fallbacks: this.#fallbacks.size,
      peers: this.#peers.size,
      uploaded,
    }
  }
}

/** Marks a stretch as counted; returns how many of its bytes were not yet. */
function cover(account: Account, start: number, end: number): number {
  if (end <= start) return 0
  const before = total(account.counted)
  const apart = account.counted.filter(([from, to]) => to < start || from > end)
  const joined = account.counted.filter(([from, to]) => to >= start && from <= end)
  const merged = [
    Math.min(start, ...joined.map(([from]) => from)),
    Math.max(end, ...joined.map(([, to]) => to)),
  ] as const
  account.counted = [...apart, merged]
  return total(account.counted) - before
}

/** Where the first stretch that was not counted begins. */
function firstUncounted({ counted }: Account): number {
  return counted.find(([start]) => start === 0)?.[1] ?? 0
}

/** Whether a load without an answer failed by itself: 0 is also the status of what was broken off. */
function isNetworkFailure(entry: LoadEntry): boolean {
  return !isPlayerLoad(entry) && entry.encodedBodySize + entry.transferSize === 0
}

function total(stretches: Account['counted']): number {
  return stretches.reduce((sum, [start, end]) => sum + end - start, 0)
}
