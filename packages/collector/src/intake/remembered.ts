import { LRUCache } from 'lru-cache'

/** Limits of a cache of look-ups. */
export interface MemoryLimits {
  /** Maximum of answers, and of absences. The oldest are removed first. */
  readonly maxAnswers: number
  /** Time after which an answer is looked up again, ms. */
  readonly maxAge: number
  /** Time after which an absence is looked up again, ms. */
  readonly maxAbsence: number
  /** ms */
  readonly now: () => number
}

/**
 * Returns a function that caches look-ups. Absences have a cache of their own with a shorter time, so that invented
 * keys neither cost a look-up each time nor displace an answer. A failure is not cached. Concurrent calls for the same
 * key share one look-up. A cached answer is returned without a promise.
 */
export function remembered<Answer>(
  find: (key: string) => Promise<Answer | null>,
  { maxAnswers, maxAge, maxAbsence, now }: MemoryLimits,
): (key: string) => Answer | null | Promise<Answer | null> {
  const found = new Aging<Answer>(maxAnswers, maxAge, now)
  const absent = new Aging<null>(maxAnswers, maxAbsence, now)
  const pending = new Map<string, Promise<Answer | null>>()

  async function lookUp(key: string): Promise<Answer | null> {
    // The age counts from the beginning of the look-up, which may miss a change meanwhile.
    const startedAt = now()
    try {
      const answer = await find(key)
      if (answer === null) absent.set(key, null, startedAt)
      else found.set(key, answer, startedAt)
      return answer
    } finally {
      pending.delete(key)
    }
  }

  return (key) => {
    const known = found.get(key) ?? absent.get(key)
    if (known !== undefined) return known
    const answer = pending.get(key) ?? lookUp(key)
    pending.set(key, answer)
    return answer
  }
}

interface Aged<Value> {
  readonly value: Value
  readonly since: number
}

/** Values that expire after a time. If there are too many, the oldest are removed. */
class Aging<Value> {
  readonly #maxAge: number
  readonly #now: () => number
  readonly #values: LRUCache<string, Aged<Value>>

  constructor(max: number, maxAge: number, now: () => number) {
    this.#values = new LRUCache({ max })
    this.#maxAge = maxAge
    this.#now = now
  }

  get(key: string): Value | undefined {
    const entry = this.#values.peek(key)
    if (entry === undefined) return undefined
    const age = this.#now() - entry.since
    // After the clock was set back, the age is unknown.
    if (age >= 0 && age < this.#maxAge) return entry.value
    this.#values.delete(key)
    return undefined
  }

  set(key: string, value: Value, since: number): void {
    this.#values.set(key, { value, since })
  }
}
