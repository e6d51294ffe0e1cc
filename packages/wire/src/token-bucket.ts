/** Limits of a token bucket. */
export interface TokenLimit {
  /** Tokens that can be taken at once. */
  readonly burst: number
  /** Tokens that are added per second, up to `burst`. */
  readonly perSecond: number
}

/** A token bucket: it limits a rate on average and allows bursts. Time is an argument, in ms. */
export class TokenBucket {
  readonly #burst: number
  readonly #perSecond: number
  #tokens: number
  #refilledAt: number

  /** The bucket is full at first. */
  constructor({ burst, perSecond }: TokenLimit, now: number) {
    this.#burst = burst
    this.#perSecond = perSecond
    this.#tokens = burst
    this.#refilledAt = now
  }

  /** Takes `amount` tokens; false, and none taken, if there are fewer. */
  take(now: number, amount = 1): boolean {
    this.#refill(now)
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }

  /** Takes all whole tokens. The fraction stays, so that frequent calls do not keep the bucket empty. */
  takeAll(now: number): void {
    this.#refill(now)
    this.#tokens -= Math.floor(this.#tokens)
  }

  /** Whether no token is missing. */
  isFull(now: number): boolean {
    this.#refill(now)
    return this.#tokens >= this.#burst
  }

  /** Time until the bucket is full if nothing is taken meanwhile, whole seconds. */
  secondsUntilFull(now: number): number {
    this.#refill(now)
    return Math.ceil((this.#burst - this.#tokens) / this.#perSecond)
  }

  /** A clock that goes back adds no tokens and removes none. */
  #refill(now: number): void {
    if (now > this.#refilledAt) {
      const added = ((now - this.#refilledAt) / 1000) * this.#perSecond
      this.#tokens = Math.min(this.#burst, this.#tokens + added)
    }
    this.#refilledAt = now
  }
}
