/**
 * Values by key. A value that was not used for `time` is forgotten within twice that time, and all values are when the
 * clock goes back. Forgetting takes constant time: there are two maps, and the older one is dropped as a whole.
 */
export class RecentlyUsed<Value> {
  readonly #make: (now: number) => Value
  readonly #time: number
  #current = new Map<string, Value>()
  #previous = new Map<string, Value>()
  #since = -Infinity

  /** `make`: makes the value of a new key. `time`: ms. */
  constructor(make: (now: number) => Value, time: number) {
    this.#make = make
    this.#time = time
  }

  /** Returns the value of a key. `now`: ms. */
  of(key: string, now: number): Value {
    this.#forget(now)
    const known = this.#current.get(key)
    if (known !== undefined) return known
    const value = this.#previous.get(key) ?? this.#make(now)
    this.#previous.delete(key)
    this.#current.set(key, value)
    return value
  }

  has(key: string): boolean {
    return this.#current.has(key) || this.#previous.has(key)
  }

  get size(): number {
    return this.#current.size + this.#previous.size
  }

  #forget(now: number): void {
    const passed = now - this.#since
    if (passed >= 0 && passed < this.#time) return
    this.#previous = passed >= this.#time && passed < 2 * this.#time ? this.#current : new Map()
    this.#current = new Map()
    this.#since = now
  }
}
