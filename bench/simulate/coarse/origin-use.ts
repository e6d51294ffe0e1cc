import type { EventQueue } from '@peerpress/swarm/simulation'
import { exponential } from '../exponential.ts'
import { Origin } from '../origin.ts'
import type { Scenario } from '../scenario.ts'
import type { Crowd } from './crowd.ts'
import { firstLacking } from './need.ts'

/** As in the engine: ms for which the first connection is waited for, and without anything to ask of any peer. */
const companyMs = 1500
const idleMs = 8000
const idleMsPerDoubling = 800
const defaultOriginRate = 2500
const fewestFetching = 4
const maxFetchBytes = 8 * 1024 * 1024

/** What the rest of the simulation does for it. */
interface Surroundings {
  readonly queue: EventQueue
  readonly random: () => number
  receive(peer: number, begun: number, ended: number): number
  /** A chunk came in. */
  landed(peer: number, chunk: number): void
  /** `watched` is to be called then. */
  watchAt(peer: number, at: number): void
}

/**
 * What readers take from the origin: their share of the budget while nobody near has what they lack, chunk after chunk
 * when there was nothing to ask of anybody for long or they are late, everything when they are alone.
 */
export class OriginUse {
  readonly #crowd: Crowd
  readonly #scenario: Scenario
  readonly #around: Surroundings
  readonly #origin: Origin
  /** The crowd's size that each last heard, and that it heard first. */
  readonly #heard: Int32Array
  readonly #rank: Int32Array
  /** When something was last begun to be sent to it by a peer. */
  readonly #askedAt: Float64Array
  readonly #isWatched: Uint8Array
  /** Chunks on their way from the origin: while there are any, the budget gives none. */
  readonly #fetching: Int32Array

  constructor(crowd: Crowd, scenario: Scenario, around: Surroundings) {
    const { length: all } = crowd.gone
    this.#crowd = crowd
    this.#scenario = scenario
    this.#around = around
    this.#origin = new Origin(around.queue, scenario)
    this.#heard = new Int32Array(all)
    this.#rank = new Int32Array(all)
    this.#askedAt = new Float64Array(all)
    this.#isWatched = new Uint8Array(all)
    this.#fetching = new Int32Array(all)
  }

  get sent(): number {
    return this.#origin.sent
  }

  heard(peer: number): number {
    return this.#heard[peer] as number
  }

  hear(peer: number, size: number): void {
    this.#heard[peer] = size
    this.#rank[peer] ||= size
  }

  asked(peer: number, now: number): void {
    this.#askedAt[peer] = now
  }

  /** A reader has come: returns when it has earned a chunk. */
  start(peer: number, now: number): number {
    this.#askedAt[peer] = now
    this.#watchAt(peer, now + companyMs)
    if (this.#heard[peer] === 1) this.watch(peer, now)
    return now + this.#draw(peer)
  }

  /**
   * A reader has earned a chunk and takes one if it needs to; returns when the next is earned. Earning while none is
   * needed changes nothing: the times are memoryless. `size` is that of the crowd when this was drawn.
   */
  spend(peer: number, size: number, now: number): number {
    const crowd = this.#crowd
    if (crowd.gone[peer] === 1 || crowd.isDone(peer)) return Infinity
    const isHungry =
      this.#fetching[peer] === 0 &&
      (crowd.degree[peer] !== 0 ||
        ((this.#heard[peer] as number) > 1 && now < (crowd.arrivedAt[peer] as number) + companyMs))
    if (isHungry && this.#around.random() * (this.#heard[peer] as number) < size) {
      const chunk = firstLacking(crowd, peer, { rank: this.#rank[peer] as number, held: false })
      if (chunk >= 0) this.#fetch(peer, [chunk, chunk], now)
    }
    return now + this.#draw(peer)
  }

  /** The watch that was asked for is due. */
  watched(peer: number, now: number): void {
    this.#isWatched[peer] = 0
    this.watch(peer, now)
  }

  /** Looks whether a reader has to turn to the origin. */
  watch(peer: number, now: number): void {
    const crowd = this.#crowd
    if (crowd.gone[peer] === 1 || crowd.isDone(peer) || crowd.isPolluter(peer)) return
    const isWaiting = (this.#heard[peer] as number) > 1 && now < (crowd.arrivedAt[peer] as number) + companyMs
    if (crowd.degree[peer] === 0 && !isWaiting) {
      this.#fetchRuns(peer, now)
      return
    }
    if (crowd.late[peer] === 1) {
      this.#fetchNext(peer, now)
      return
    }
    const patience = Math.max(idleMs, idleMsPerDoubling * Math.log2(this.#heard[peer] as number))
    const idleAt = (this.#askedAt[peer] as number) + patience
    if (now < idleAt) {
      this.#watchAt(peer, idleAt)
    } else if (crowd.claims[peer] === crowd.had[peer]) {
      const chunk = firstLacking(crowd, peer, { rank: this.#rank[peer] as number, held: false })
      if (chunk >= 0) this.#fetch(peer, [chunk, chunk], now)
      else this.#watchAt(peer, now + companyMs)
    } else {
      this.#watchAt(peer, now + companyMs)
    }
  }

  /** One chunk, when none is on its way: what nobody near has, or else what peers were not asked for. */
  #fetchNext(peer: number, now: number): void {
    if (this.#fetching[peer] !== 0) return
    const rank = this.#rank[peer] as number
    for (const held of [false, true]) {
      const chunk = firstLacking(this.#crowd, peer, { rank, held })
      if (chunk < 0) continue
      this.#fetch(peer, [chunk, chunk], now)
      return
    }
  }

  /** As much as may be on its way at a time, from the first chunk that is not, in runs. */
  #fetchRuns(peer: number, now: number): void {
    const crowd = this.#crowd
    const had = crowd.had[peer] as number
    const most = Math.max(fewestFetching, had)
    const longest = Math.max(1, Math.floor(maxFetchBytes / this.#scenario.chunkSize))
    let left = most - ((crowd.claims[peer] as number) - had)
    for (;;) {
      const first = left > 0 ? firstLacking(crowd, peer, { rank: 0, held: true }) : -1
      if (first < 0) return
      let last = first
      const isFree = (chunk: number): boolean => chunk < crowd.chunks && !crowd.isClaimed(peer, chunk)
      while (last - first + 1 < Math.min(left, longest) && isFree(last + 1)) last++
      left -= last - first + 1
      this.#fetch(peer, [first, last], now)
    }
  }

  #fetch(peer: number, [first, last]: readonly [number, number], now: number): void {
    const crowd = this.#crowd
    const around = this.#around
    for (let chunk = first; chunk <= last; chunk++) crowd.claim(peer, chunk)
    this.#fetching[peer] = (this.#fetching[peer] as number) + last - first + 1
    const client = {
      get gone() {
        return crowd.gone[peer] === 1
      },
      receive: (_bytes: number, begun: number, ended: number) => around.receive(peer, begun, ended),
      fetched: (chunk: number) => {
        this.#fetching[peer] = (this.#fetching[peer] as number) - 1
        around.landed(peer, chunk)
      },
    }
    around.queue.at(now, () => this.#origin.fetch(client, first, last))
  }

  #watchAt(peer: number, at: number): void {
    if (this.#isWatched[peer] === 1) return
    this.#isWatched[peer] = 1
    this.#around.watchAt(peer, at)
  }

  #draw(peer: number): number {
    const { chunkSize, engine } = this.#scenario
    const share = (engine.originRate ?? defaultOriginRate) / (this.#heard[peer] as number)
    return exponential(this.#around.random, chunkSize / share)
  }
}
