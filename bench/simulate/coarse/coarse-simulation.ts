import { EventQueue, seededRandom } from '@peerpress/swarm/simulation'
import { arrivalTimes } from '../arrivals.ts'
import { exponential } from '../exponential.ts'
import type { Played, PlayedReader } from '../played.ts'
import type { Scenario } from '../scenario.ts'
import { lookAround } from './company.ts'
import { Crowd, maxLinks } from './crowd.ts'
import { Exchange } from './exchange.ts'
import { OriginUse } from './origin-use.ts'
import { Room } from './room.ts'
import type { Due } from './time-wheel.ts'
import { TimeWheel } from './time-wheel.ts'
import { Uplinks } from './uplinks.ts'

/** As in tracker, visitor and engine. */
const introductions = 6
const wanted = 12
const wantMs = 3000
const maxWantMs = 24_000
const defaultUploads = 3

/** ms of simulated time after which what is not done never will be. */
const end = 24 * 3600_000

const Kind = {
  arrive: 0,
  uplink: 1,
  landed: 2,
  look: 3,
  connect: 4,
  greeted: 5,
  leave: 6,
  giveUp: 7,
  late: 8,
  budget: 9,
  watch: 10,
} as const

/**
 * A scenario played without the engine, for crowds that are too large for it: a hundred thousand readers take minutes
 * and less than a GiB. Who is connected with whom, who has which chunk and what every link carries when is as in the
 * fine mode. What is coarse: nobody asks. A peer whose uplink is free picks the neighbour that the engine would serve
 * first and a chunk that few have, knowing what that one lacks; a message takes its delay, but none is ever late,
 * refused or cancelled, nothing stalls, and a chunk waits in no queue. How rare a chunk is is known for the whole
 * crowd, not for one's neighbours. Polluters hold twelve connections at most and are never too slow to be waited for.
 * The order of events within 10 ms is lost.
 */
export class CoarseSimulation implements Played {
  readonly scenario: Scenario
  readonly arrivals: readonly number[]
  readonly #random: () => number
  readonly #crowd: Crowd
  readonly #room: Room
  readonly #uplinks: Uplinks
  readonly #exchange: Exchange
  readonly #origin: OriginUse
  readonly #wheel = new TimeWheel()
  readonly #queue = new EventQueue()
  /** An event of the uplink is in the wheel; a look around is. */
  readonly #isPlanned: Uint8Array
  readonly #isLooking: Uint8Array
  /** ms to the next look around, and what the last one found. */
  readonly #wantMs: Float64Array
  readonly #welcomed: Uint8Array
  /** When each downlink has carried what it was sent so far, ms. */
  readonly #downFree: Float64Array
  #come = 0
  #settled = 0

  constructor(scenario: Scenario) {
    this.scenario = scenario
    this.#random = seededRandom(scenario.seed)
    this.arrivals = arrivalTimes(scenario.arrival, scenario.readers, this.#random)
    this.#crowd = new Crowd(scenario)
    const { length: all } = this.#crowd.gone
    this.#room = new Room(this.#crowd, this.#random)
    this.#uplinks = new Uplinks(this.#crowd, scenario.up, scenario.chunkSize)
    this.#exchange = new Exchange(this.#crowd, this.#random)
    this.#isPlanned = new Uint8Array(all)
    this.#wantMs = new Float64Array(all).fill(wantMs)
    this.#welcomed = new Uint8Array(all)
    this.#isLooking = new Uint8Array(all)
    this.#downFree = new Float64Array(all)
    const queue = this.#queue
    this.#origin = new OriginUse(this.#crowd, scenario, {
      queue,
      random: this.#random,
      receive: (peer, begun, ended) => this.#receive(peer, begun, ended),
      landed: (peer, chunk) =>
        this.#wheel.add(queue.now + 2 * scenario.delay, Kind.landed, { a: peer, b: chunk, c: -1 }),
      watchAt: (peer, at) => this.#wheel.add(at, Kind.watch, { a: peer }),
    })
  }

  run(): this {
    const { polluters } = this.#crowd
    for (let peer = 0; peer < polluters; peer++) {
      this.#crowd.blocked[peer] = Number(this.#random() < this.scenario.blocked)
      this.#room.join(peer)
    }
    for (const [i, at] of this.arrivals.entries()) this.#wheel.add(at, Kind.arrive, { a: polluters + i })
    const wheel = this.#wheel
    while (this.#settled < this.arrivals.length && wheel.end < end) {
      this.#queue.run({ end: wheel.end, maxEvents: Infinity })
      wheel.turn((due) => this.#happen(due))
    }
    return this
  }

  get size(): number {
    return this.scenario.chunks * this.scenario.chunkSize
  }

  get originSent(): number {
    return this.#origin.sent
  }

  get events(): number {
    return this.#wheel.count + this.#queue.count
  }

  get readers(): PlayedReader[] {
    const { polluters, freeRider, arrivedAt, finishedAt, sent, had, arrived } = this.#crowd
    const { chunkSize } = this.scenario
    return Array.from({ length: this.#come }, (_, i) => {
      const peer = polluters + i
      return {
        freeRider: freeRider[peer] === 1,
        arrivedAt: arrivedAt[peer] as number,
        finishedAt: finishedAt[peer] as number,
        uploaded: (sent[peer] as number) * chunkSize,
        received: (had[peer] as number) * chunkSize,
        arrived: (arrived[peer] as number) * chunkSize,
      }
    })
  }

  #happen({ kind, at, a, b, c }: Due): void {
    switch (kind) {
      case Kind.arrive:
        this.#arrive(a, at)
        return
      case Kind.uplink:
        this.#sendOn(a, at)
        return
      case Kind.landed:
        this.#land(a, { chunk: b, from: c }, at)
        return
      case Kind.look:
        this.#look(a, at)
        return
      case Kind.connect:
        if (!this.#room.canConnect(a, b)) return
        this.#crowd.connect(a, b, at)
        this.#wheel.add(at + 2 * this.scenario.delay, Kind.greeted, { a, b })
        return
      case Kind.greeted:
        this.#fill(a, at)
        this.#fill(b, at)
        return
      case Kind.leave:
        this.#leave(a, at)
        return
      case Kind.giveUp:
        if (!this.#crowd.isDone(a)) this.#leave(a, at)
        return
      case Kind.late:
        this.#crowd.late[a] = 1
        this.#origin.watch(a, at)
        return
      case Kind.budget: {
        const next = this.#origin.spend(a, b, at)
        if (next < Infinity) this.#wheel.add(next, Kind.budget, { a, b: this.#origin.heard(a) })
        return
      }
      case Kind.watch:
        this.#origin.watched(a, at)
    }
  }

  #arrive(peer: number, now: number): void {
    const { blocked, freeRiders, stay, patience, deadline } = this.scenario
    const crowd = this.#crowd
    this.#come++
    crowd.arrivedAt[peer] = now
    crowd.blocked[peer] = Number(this.#random() < blocked)
    crowd.freeRider[peer] = Number(this.#random() < freeRiders)
    this.#room.join(peer)
    this.#introduce(peer, introductions, now)
    this.#lookSoon(peer, now)
    this.#wheel.add(this.#origin.start(peer, now), Kind.budget, { a: peer, b: this.#origin.heard(peer) })
    if (stay < Infinity) this.#wheel.add(now + exponential(this.#random, stay), Kind.leave, { a: peer })
    if (patience < Infinity) this.#wheel.add(now + patience, Kind.giveUp, { a: peer })
    if (deadline < Infinity) this.#wheel.add(now + deadline, Kind.late, { a: peer })
  }

  #introduce(peer: number, count: number, now: number): void {
    const { delay, connect } = this.scenario
    const { size } = this.#room
    this.#origin.hear(peer, size)
    this.#room.want(peer, Math.min(count, wanted), (other) => {
      this.#origin.hear(other, size)
      this.#wheel.add(now + 2 * delay + connect, Kind.connect, { a: peer, b: other })
    })
  }

  #look(peer: number, now: number): void {
    this.#isLooking[peer] = 0
    if (this.#crowd.gone[peer] === 1) return
    const found = lookAround(this.#crowd, peer, now)
    if (found === null) return
    for (const other of found.part) this.#part(peer, other, now)
    if (this.#crowd.isDone(peer)) return
    const isHelped = found.welcome > (this.#welcomed[peer] as number)
    this.#wantMs[peer] = isHelped ? wantMs : Math.min(maxWantMs, 2 * (this.#wantMs[peer] as number))
    this.#welcomed[peer] = found.welcome
    if (found.connect > 0) this.#introduce(peer, found.connect, now)
    this.#lookSoon(peer, now)
  }

  #lookSoon(peer: number, now: number): void {
    if (this.#isLooking[peer] === 1 || this.#crowd.isPolluter(peer)) return
    this.#isLooking[peer] = 1
    this.#wheel.add(now + (this.#wantMs[peer] as number) * (0.5 + this.#random()), Kind.look, { a: peer })
  }

  #part(peer: number, other: number, now: number): void {
    this.#crowd.disconnect(peer, other)
    for (const left of [peer, other]) {
      this.#lookSoon(left, now)
      if (this.#crowd.degree[left] === 0) this.#origin.watch(left, now)
    }
  }

  /** A chunk has left an uplink, or will when what began since is counted in. */
  #sendOn(peer: number, now: number): void {
    const { delay } = this.scenario
    const crowd = this.#crowd
    this.#isPlanned[peer] = 0
    if (crowd.gone[peer] === 1) return
    const due = this.#uplinks.dueAt(peer)
    if (due <= now + 1e-6) {
      const { to, chunk, begun } = this.#uplinks.end(peer, now)
      crowd.sent[peer] = (crowd.sent[peer] as number) + 1
      const link = crowd.linkOf(peer, to)
      if (link >= 0 && (crowd.sending[link] as number) > 0)
        crowd.sending[link] = (crowd.sending[link] as number) - 1
      const there = this.#receive(to, begun + delay, now + delay)
      this.#wheel.add(there + 2 * delay, Kind.landed, { a: to, b: chunk, c: peer })
    }
    this.#fill(peer, now)
  }

  /** A chunk is there, and those that want it of the one it came to have had the time to hear so and to ask. */
  #land(peer: number, { chunk, from }: { readonly chunk: number; readonly from: number }, now: number): void {
    const crowd = this.#crowd
    if (crowd.gone[peer] === 1) return
    crowd.arrived[peer] = (crowd.arrived[peer] as number) + 1
    if (from >= 0 && crowd.isPolluter(from)) {
      crowd.release(peer, chunk)
      this.#part(peer, from, now)
      this.#wakeNeighbours(peer, now)
      return
    }
    crowd.keep(peer, chunk)
    if (crowd.isDone(peer)) {
      crowd.finishedAt[peer] = now - 2 * this.scenario.delay
      this.#settled++
      this.#lookSoon(peer, now)
      for (const other of crowd.links.subarray(peer * maxLinks, (peer + 1) * maxLinks))
        if (other >= 0 && crowd.isDone(other)) this.#lookSoon(other, now)
    }
    if (from >= 0) {
      const link = crowd.linkOf(peer, from)
      if (link >= 0) crowd.given[link] = 1
      this.#fill(from, now)
    } else {
      this.#origin.watch(peer, now)
    }
    this.#fill(peer, now)
  }

  /** Begins to send as much as the uplink may carry at a time. */
  #fill(peer: number, now: number): void {
    const crowd = this.#crowd
    if (crowd.gone[peer] === 1 || crowd.freeRider[peer] === 1) return
    const most = crowd.isPolluter(peer) ? maxLinks : (this.scenario.engine.maxUploads ?? defaultUploads)
    while ((this.#uplinks.busy[peer] as number) < most) {
      const link = this.#exchange.next(peer)
      if (link < 0) break
      const to = crowd.links[link] as number
      const chunk = this.#exchange.rarest(peer, to)
      crowd.claim(to, chunk)
      crowd.sending[link] = (crowd.sending[link] as number) + 1
      crowd.taken[link] = (crowd.taken[link] as number) + 1
      this.#origin.asked(to, now)
      this.#uplinks.begin(peer, { to, chunk }, now)
    }
    if (this.#isPlanned[peer] === 1 || this.#uplinks.busy[peer] === 0) return
    this.#isPlanned[peer] = 1
    this.#wheel.add(this.#uplinks.dueAt(peer), Kind.uplink, { a: peer })
  }

  #wakeNeighbours(peer: number, now: number): void {
    for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
      const other = this.#crowd.links[link] as number
      if (other >= 0) this.#fill(other, now)
    }
  }

  #leave(peer: number, now: number): void {
    const crowd = this.#crowd
    if (crowd.gone[peer] === 1) return
    this.#room.leave(peer)
    for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
      const other = crowd.links[link] as number
      if (other >= 0) this.#part(peer, other, now)
    }
    crowd.leave(peer)
    while (this.#uplinks.busy[peer] !== 0) {
      const { to, chunk } = this.#uplinks.end(peer, now)
      if (crowd.gone[to] === 1) continue
      crowd.release(to, chunk)
      this.#wakeNeighbours(to, now)
    }
    if (!crowd.isDone(peer)) this.#settled++
  }

  /** When the downlink has carried a chunk that arrives at it between `begun` and `ended`. */
  #receive(peer: number, begun: number, ended: number): number {
    const { chunkSize, down } = this.scenario
    const free = Math.max(ended, Math.max(this.#downFree[peer] as number, begun) + chunkSize / down)
    this.#downFree[peer] = free
    return free
  }
}
