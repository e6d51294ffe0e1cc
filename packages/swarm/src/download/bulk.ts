import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import { deadlineOf, isLate } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from '../engine-options.ts'
import { OriginBudget } from './origin-budget.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/** ms for which a demand in a swarm of others waits for its first connection. */
const companyMs = 1500

/** Chunks asked of one peer at a time at least: one on its way, one in its queue. A peer that gave nothing yet gets one. */
const requestsPerPeer = 2

/** How often peers are tried for a chunk before the origin may be. */
const maxTries = 8

/**
 * ms without anything to ask of any peer after which a demand takes chunk after chunk from the origin, whatever the
 * budget says: a chunk needs less to cross a swarm of a thousand, so its peers have nothing to give. In a larger one it
 * needs longer, so many ms for each doubling; 8 s sent most of 100,000 simulated readers to the origin before the first
 * chunk could reach them, and it took 6000 s instead of 70.
 */
const idleMs = 8000
const idleMsPerDoubling = 800

/** Chunks on their way from the origin at most, while company may come. */
const mostFetching = 8

/** A chunk that its peer should bring within so many ms is not asked of the origin: that takes a moment, too. How often it is looked at, too. */
export const leastGainMs = 200

const goldenRatio = (Math.sqrt(5) - 1) / 2

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
  /** How many were in the swarm when we came, another number for each who comes; 0: there is no swarm. */
  #rank = 0

  constructor(parts: Parts) {
    this.#settings = parts.settings
    this.#random = parts.random
    this.#outbox = parts.outbox
    this.#peers = parts.peers
    this.#demands = parts.demands
    this.#downloads = parts.downloads
    this.#budget = new OriginBudget(parts.settings.originRate, parts.random)
  }

  swarmSize(peers: number, now: number): void {
    this.#rank ||= peers
    this.#budget.resize(peers, now)
  }

  /** Whether a demand is for us: one in any order, in company. */
  takes({ order, since }: Demand, now: number): boolean {
    return order === 'any' && (this.#peers.size > 0 || (this.#budget.size > 1 && now < since + companyMs))
  }

  /**
   * Chunks that may be asked of the origin besides those that are on their way. What it was asked for is asked of no
   * peer, so while company may come it is little: of two dozen readers some whom the tracker kept waiting asked for all
   * of it at once, and got it last.
   */
  mostOfOrigin({ order }: Demand): number {
    if (order !== 'any') return Infinity
    let left = mostFetching
    for (const { map, next, last } of this.#demands)
      for (let index = next; index <= last; index++) if (map.state(index) === Chunk.fetching) left--
    return left
  }

  /** When time alone changes what is to be done for a demand that is for us. */
  dueAt(demand: Demand, now: number): number {
    const at = [
      demand.since + companyMs,
      this.#idleAt(demand),
      this.#budget.dueAt,
      deadlineOf(demand, demand.next),
    ]
    return Math.min(...at.filter((time) => time > now))
  }

  serve(demand: Demand, now: number): void {
    if (now === demand.since) this.#outbox.wake(now + companyMs)
    for (const peer of this.#peers.values()) this.#fill(peer, demand, now)
  }

  #idleAt({ since }: Demand): number {
    return Math.max(this.#askedAt, since) + Math.max(idleMs, idleMsPerDoubling * Math.log2(this.#budget.size))
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
   * Takes from the origin what the budget allows. The budget earns only while there is need of it: its times are
   * memoryless, so that beginning anew changes nothing.
   *
   * Of all that is wanted of the origin everybody takes what lies as far from the others' choice as can be (multiples of
   * the golden ratio leave no gap): where all took the first of it, two dozen readers had the last chunk of a post after
   * 7.7 s, of which the origin can send the whole in 4.
   */
  useOrigin(demands: readonly Demand[], now: number): void {
    // One request at a time: when an origin cannot keep up, its readers ask for less, and not twice for the same.
    if (demands.some((demand) => isUnderWay(demand, true))) return
    const idle = demands.filter((demand) => now >= this.#idleAt(demand) && !isUnderWay(demand, false))
    const pressed = idle.length > 0 ? idle : demands.filter((demand) => isLate(demand, now))
    const isPressed = pressed.length > 0
    if (!isPressed && this.#budget.isEarning && now < this.#budget.dueAt) return
    const mayTake = isPressed || this.#budget.isEarning
    const wanted: Wanted[] = []
    for (const demand of isPressed ? pressed : demands) {
      const { map } = demand
      const needed = this.#forOrigin(demand, idle.length > 0)
      if (mayTake && needed.some((index) => map.originFailed(index))) this.#demands.fail(demand)
      else if (!isPressed || needed.length > 0) for (const index of needed) wanted.push({ demand, index })
      // What is late the origin is asked for, too, where it can be: peers go on.
      else
        for (const index of this.#forOrigin(demand, true))
          if (!map.originFailed(index)) wanted.push({ demand, index })
    }
    const pick = wanted[Math.floor(((this.#rank * goldenRatio) % 1) * wanted.length)]
    if (pick === undefined) {
      this.#budget.stop()
      pressed.some((demand) => this.#hedge(demand, now))
      return
    }
    const { demand, index } = pick
    const { map } = demand
    if (isPressed) this.#demands.fallBack(demand)
    if (mayTake) this.#downloads.fetch(map, index, index)
    this.#budget.start(map.asset.chunkSize, now)
    this.#outbox.wake(this.#budget.dueAt)
  }

  /** Asks the origin, too, for a chunk of a late demand that a peer is slow to bring; false: there is none. */
  #hedge({ map, next, last }: Demand, now: number): boolean {
    for (let index = next; index <= last; index++) {
      const assembly = map.asks.get(index)
      if (!assembly || map.originFailed(index) || assembly.peer.expects(assembly, now) <= now + leastGainMs)
        continue
      this.#downloads.hedge(map, index)
      return true
    }
    return false
  }

  /** Missing chunks that no peer holds, or that peers failed too often, or `anyway` all: whoever holds them cannot be asked. */
  #forOrigin({ map, next, last, early }: Demand, anyway: boolean): number[] {
    const indices: number[] = []
    for (let index = next; index <= last; index++) {
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      if (anyway || map.holders[index] === 0 || map.timesLost(index) >= maxTries) indices.push(index)
    }
    return indices
  }
}

/** A chunk that the origin may be asked for. */
interface Wanted {
  readonly demand: Demand
  readonly index: number
}

/** Whether anything of it is on its way, or `ofOrigin` only what the origin was asked for. */
function isUnderWay({ map, next, last }: Demand, ofOrigin: boolean): boolean {
  for (let index = next; index <= last; index++) {
    const state = map.state(index)
    if (state === Chunk.fetching || map.hedged.has(index)) return true
    if (!ofOrigin && state !== Chunk.missing && state !== Chunk.have) return true
  }
  return false
}
