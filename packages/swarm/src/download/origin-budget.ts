/**
 * A reader's share of the swarm's requests to the origin. The whole swarm has one rate, however many peers join.
 * Intervals are drawn as in a Poisson process, so that requests of many readers do not come in bursts.
 */
export class OriginBudget {
  readonly #random: () => number
  /** Rate of the whole swarm, bytes/ms. */
  readonly #rate: number
  #size = 1
  #since = 0
  /** Bytes to earn until the next request; Infinity while no request is needed. */
  #left = Infinity

  constructor(rate: number, random: () => number) {
    this.#rate = rate
    this.#random = random
  }

  get size(): number {
    return this.#size
  }

  resize(size: number, now: number): void {
    this.#earn(now)
    this.#size = Math.max(1, size)
  }

  /** Starts to earn the next request, for a chunk of `bytes` bytes. */
  start(bytes: number, now: number): void {
    this.#since = now
    this.#left = this.#draw(bytes)
  }

  /** Stops earning, because nothing is needed from the origin. */
  stop(): void {
    this.#left = Infinity
  }

  get isEarning(): boolean {
    return this.#left < Infinity
  }

  /** Time at which the next request is earned; Infinity while no request is needed. */
  get dueAt(): number {
    return this.#since + (this.#left * this.#size) / this.#rate
  }

  #earn(now: number): void {
    this.#left = Math.max(0, this.#left - ((now - this.#since) * this.#rate) / this.#size)
    this.#since = now
  }

  #draw(bytes: number): number {
    return -bytes * Math.log(1 - this.#random())
  }
}
