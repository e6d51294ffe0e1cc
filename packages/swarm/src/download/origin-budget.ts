/**
 * A reader's share of what a swarm takes from the origin: one rate for all together, however many join. The times are
 * drawn as those of a Poisson process, so the requests of many readers do not come in bursts.
 */
export class OriginBudget {
  readonly #random: () => number
  /** bytes/ms of the whole swarm */
  readonly #rate: number
  #size = 1
  #since = 0
  /** Bytes still to be earned until the next request; Infinity while none is wanted. */
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

  /** Begins to earn the next request, one for a chunk of so many bytes. */
  start(bytes: number, now: number): void {
    this.#since = now
    this.#left = this.#draw(bytes)
  }

  /** Nothing is wanted of the origin for now. */
  stop(): void {
    this.#left = Infinity
  }

  get isEarning(): boolean {
    return this.#left < Infinity
  }

  /** When the next request is earned; Infinity while none is wanted. */
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
