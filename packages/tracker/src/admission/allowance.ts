/** A token bucket: up to `burst` at once, `perSecond` on average. Time is an argument, in ms. */
export class Allowance {
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #since: number

  constructor(limit: { readonly burst: number; readonly perSecond: number }, now: number) {
    this.#burst = limit.burst
    this.#perSecond = limit.perSecond
    this.#left = limit.burst
    this.#since = now
  }

  /** Takes so many; false when fewer are left. A clock that goes back gives nothing and takes nothing. */
  take(now: number, amount = 1): boolean {
    this.#refill(now)
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }

  /** Whether as much is left as at the start. */
  isFull(now: number): boolean {
    this.#refill(now)
    return this.#left >= this.#burst
  }

  #refill(now: number): void {
    if (now > this.#since) {
      this.#left = Math.min(this.#burst, this.#left + ((now - this.#since) / 1000) * this.#perSecond)
    }
    this.#since = now
  }
}
