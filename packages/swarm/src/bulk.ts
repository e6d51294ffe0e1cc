import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from './engine-options.ts'
import { OriginBudget } from './origin-budget.ts'
import type { Outbox } from './outbox.ts'
import type { Peer } from './peer.ts'

/** ms for which a demand in a swarm of others waits for its first connection. */
const companyMs = 1500

/** Chunks asked of one peer at a time at least: one on its way, one in its queue. A peer that gave nothing yet gets one. */
const requestsPerPeer = 2

/** How often peers are tried for a chunk before the origin may be. */
const maxTries = 8

/**
 * ms without anything to ask of any peer after which a demand takes chunk after chunk from the origin, whatever the
 * budget says: a chunk needs less to cross a large swarm, so its peers have nothing to give.
 */
const idleMs = 8000

/** Unanswered requests, cancelled ones included, past which a peer is asked for nothing more. */
const maxOwed = 16

/**
 * Demands that want everything in any order: every peer is asked for the rarest chunk it holds, so that chunks spread
 * evenly and everybody soon has something that others lack. What nobody near holds comes from the origin, at a rate
 * that all peers share.
 */
export class Bulk {
  readonly #settings: Settings
  readonly #random: () => number
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #demands: Demands
  readonly #downloads: Downloads
  readonly #budget: OriginBudget
  /** When a peer was last asked for something. */
  #askedAt = -Infinity

  constructor(
    {
      settings,
      random,
      outbox,
    }: { readonly settings: Settings; readonly random: () => number; readonly outbox: Outbox },
    {
      peers,
      demands,
      downloads,
    }: {
      readonly peers: ReadonlyMap<string, Peer>
      readonly demands: Demands
      readonly downloads: Downloads
    },
  ) {
    this.#settings = settings
    this.#random = random
    this.#outbox = outbox
    this.#peers = peers
    this.#demands = demands
    this.#downloads = downloads
    this.#budget = new OriginBudget(settings.originRate, random)
  }

  swarmSize(peers: number, now: number): void {
    this.#budget.resize(peers, now)
  }

  /** Whether a demand is for us: one in any order that is not late, in company. */
  takes({ order, deadline, since }: Demand, now: number): boolean {
    if (order !== 'any' || now >= deadline) return false
    return this.#peers.size > 0 || (this.#budget.size > 1 && now < since + companyMs)
  }

  dueAt(demand: Demand, now: number): number {
    if (!this.takes(demand, now)) return Infinity
    const at = [demand.since + companyMs, this.#idleAt(demand), this.#budget.dueAt]
    return Math.min(...at.filter((time) => time > now))
  }

  serve(demand: Demand, now: number): void {
    if (now === demand.since) this.#outbox.wake(now + companyMs)
    for (const peer of this.#peers.values()) this.#fill(peer, demand, now)
  }

  #idleAt({ since }: Demand): number {
    return Math.max(this.#askedAt, since) + idleMs
  }

  /** Asks a peer for as much as it can be asked for. */
  #fill(peer: Peer, demand: Demand, now: number): void {
    const { map } = demand
    const limit = peer.stalls > 0 || peer.given === 0 ? 1 : peer.ahead(map, requestsPerPeer)
    while (
      peer.load < limit &&
      peer.asks.length < maxOwed &&
      now >= peer.busyUntil &&
      demand.exhausted.get(peer) !== peer.told + map.reopened
    ) {
      const index = this.#rarest(demand, peer)
      if (index === undefined) {
        demand.exhausted.set(peer, peer.told + map.reopened)
        return
      }
      demand.askedPeers = true
      this.#askedAt = now
      this.#downloads.ask(peer, map, { index, now })
      this.#outbox.wake(now + this.#settings.stallMs)
    }
  }

  /** Of the missing chunks that a peer holds the one that the fewest hold; the search begins anywhere. */
  #rarest({ map, next, last, early }: Demand, peer: Peer): number | undefined {
    const count = last - next + 1
    const start = Math.floor(this.#random() * count)
    let best: number | undefined
    let fewest = Infinity
    for (let i = 0; i < count; i++) {
      const index = next + ((start + i) % count)
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      const holders = map.holders[index] ?? 0
      if (holders < fewest && peer.has(map, index)) {
        best = index
        fewest = holders
      }
    }
    return best
  }

  /**
   * Takes from the origin what the budget allows, for the most urgent of these demands that has need of it. The budget
   * earns only while one has: its times are memoryless, so that beginning anew changes nothing.
   */
  useOrigin(demands: readonly Demand[], now: number): void {
    const idle = demands.filter((demand) => now >= this.#idleAt(demand) && isIdle(demand))
    if (idle.length === 0 && this.#budget.isEarning && now < this.#budget.dueAt) return
    const mayTake = idle.length > 0 || this.#budget.isEarning
    for (const demand of idle.length > 0 ? idle : demands) {
      const index = this.#forOrigin(demand)
      if (index === undefined) continue
      const { map } = demand
      if (mayTake && map.originFailed(index)) {
        this.#demands.fail(demand)
        continue
      }
      if (mayTake) this.#downloads.fetch(map, index, index)
      this.#budget.start(map.asset.chunkSize, now)
      this.#outbox.wake(this.#budget.dueAt)
      return
    }
    this.#budget.stop()
  }

  /**
   * A missing chunk that no peer holds, or that peers failed too often, drawn among them all; before all others one
   * that neither peers nor origin can give.
   */
  #forOrigin({ map, next, last, early }: Demand): number | undefined {
    const count = last - next + 1
    const start = Math.floor(this.#random() * count)
    let drawn: number | undefined
    for (let i = 0; i < count; i++) {
      const index = next + ((start + i) % count)
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      const isHeld = map.holders[index] !== 0
      if (map.originFailed(index)) {
        if (!isHeld) return index
      } else if (!isHeld || map.timesLost(index) >= maxTries) {
        drawn ??= index
      }
    }
    return drawn
  }
}

/** Whether nothing is on its way. */
function isIdle({ map, next, last }: Demand): boolean {
  for (let index = next; index <= last; index++) {
    const state = map.state(index)
    if (state !== Chunk.missing && state !== Chunk.have) return false
  }
  return true
}
