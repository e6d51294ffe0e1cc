import { Figures } from '@peerpress/peer'
import type { SwarmEvent } from '@peerpress/swarm'
import type { Asset, AssetId, Delivery, PeerId } from '@peerpress/wire'
import type { ByteSource } from '../../port-message.ts'
import { isPlayerLoad } from '../storage/loaded-assets.ts'

/** The used fields of a Resource Timing entry, for a load without the worker. */
export type LoadEntry = Pick<
  PerformanceResourceTiming,
  'initiatorType' | 'startTime' | 'responseEnd' | 'transferSize' | 'encodedBodySize' | 'responseStatus'
>

interface Account {
  readonly size: number
  /** Whether it is on another origin than the page. Then an entry may hide the result of its load. */
  readonly isForeign: boolean
  /** Counted byte ranges, which do not touch each other: [start, end). */
  counted: (readonly [start: number, end: number])[]
  outcome: 'unasked' | 'pending' | 'complete' | 'failed'
  /** Time of the worker's first answer, ms since the Unix epoch. */
  taken: number
  /** Time of the element's last error, ms since the Unix epoch. */
  failed: number
  /** Whether a load over the network was aborted. The browser reports no bytes for it. */
  brokenOff: boolean
}

/**
 * Counts a view's asset bytes by source. The rules:
 * - An asset counts once, even if the page requests it several times. The latest request decides its outcome.
 * - A byte of an asset counts once, for the first source that delivered it to the page.
 * - The worker's messages count its answers. A load before the worker's first answer for that asset is counted by its
 *   Resource Timing entry: as cache if fewer bytes than its body were transferred (a cached or revalidated copy),
 *   otherwise as origin. An entry does not name its range, so it counts as the next bytes that were not counted. The
 *   entry of an aborted load has no bytes. A cached load after it counts as origin, because this view may have filled
 *   the cache.
 * - An asset failed if its element reports an `error`, if the answer was HTTP 400 or above, or if the network failed
 *   before the first byte. A request that was aborted later is not a failure, and neither is any request of a player:
 *   players and pages abort requests and repeat them. Another origin may hide status and sizes: then only the
 *   element's `error` is a failure, and no bytes are counted.
 */
export class DeliveryLedger {
  readonly #accounts: ReadonlyMap<AssetId, Account>
  readonly #bytes = { peer: 0, seed: 0, mirror: 0, origin: 0, cache: 0 }
  readonly #figures = new Figures()
  readonly #peers = new Set<PeerId>()
  readonly #fallbacks = new Set<number>()
  #wrongBytes = 0

  /** @param origin origin of the page */
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

  /** Counts a load without the worker. `timeOrigin`: start of the entry's times, ms since the Unix epoch. */
  loaded(asset: AssetId, entry: LoadEntry, timeOrigin: number): void {
    const account = this.#accounts.get(asset)
    if (!account || timeOrigin + entry.responseEnd >= account.taken) return
    const { responseStatus, encodedBodySize, transferSize } = entry
    // The entry arrives after the element's `error` event.
    if (timeOrigin + entry.startTime <= account.failed) return
    if (responseStatus >= 400) {
      account.outcome = 'failed'
      return
    }
    // Some browsers have no such field. It is 0 if the load failed or was aborted.
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

  /** Notes that the page could not show the asset, at `at` ms since the Unix epoch. */
  failed(asset: AssetId, at: number): void {
    const account = this.#accounts.get(asset)
    if (!account) return
    account.failed = at
    account.outcome = 'failed'
  }

  /** Notes that the worker answers a request, at `at` ms since the Unix epoch. */
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

  /** Counts a demand to peers that the origin completed. A second call for the demand has no effect. */
  fallback(demand: number): void {
    this.#fallbacks.add(demand)
  }

  wrong(bytes: number): void {
    this.#wrongBytes += bytes
  }

  /** The worker's messages count demands and received bytes, because these may belong to another page. */
  swarmEvent(event: SwarmEvent): void {
    this.#figures.add(event)
  }

  /** Returns the current figures. */
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

/** Marks a range as counted. Returns the number of its bytes that were not counted before. */
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

/** Returns the start of the first range that was not counted. */
function firstUncounted({ counted }: Account): number {
  return counted.find(([start]) => start === 0)?.[1] ?? 0
}

/** Returns whether a load without an answer failed at the network. An aborted load has the status 0 too. */
function isNetworkFailure(entry: LoadEntry): boolean {
  return !isPlayerLoad(entry) && entry.encodedBodySize + entry.transferSize === 0
}

function total(stretches: Account['counted']): number {
  return stretches.reduce((sum, [start, end]) => sum + end - start, 0)
}
