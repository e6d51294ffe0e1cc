/** ms that one count lasts. */
const windowMs = 10_000
/** Keys that are counted at a time; further ones share one count, so that memory is bounded and nobody is free. */
const maxKeys = 100_000
const others = ''

/** How many there may be for each key, per second on average of ten. */
export class RateLimit {
  readonly #most: number
  readonly #now: () => number
  #counts = new Map<string, number>()
  #since = -Infinity

  /** `perSecond`: Infinity limits nothing. `now`: ms. */
  constructor(perSecond: number, now: () => number) {
    this.#most = (perSecond * windowMs) / 1000
    this.#now = now
  }

  /** Counts one, or as many; undefined when they may be, else the seconds until there may be more. */
  excess(key: string, howMany = 1): number | undefined {
    const now = this.#now()
    // A clock that went back begins anew, too.
    if (now >= this.#since + windowMs || now < this.#since) {
      this.#since = now
      this.#counts = new Map()
    }
    const counted = this.#counts.has(key) || this.#counts.size < maxKeys ? key : others
    const count = (this.#counts.get(counted) ?? 0) + howMany
    this.#counts.set(counted, count)
    return count <= this.#most ? undefined : Math.ceil((this.#since + windowMs - now) / 1000)
  }
}
