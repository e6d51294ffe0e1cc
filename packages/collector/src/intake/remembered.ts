import { LRUCache } from 'lru-cache'

/** Bounds of a cache of look-ups. */
export interface MemoryLimits {
  /** Answers cached at most, and as many absences; the oldest goes first. */
  readonly maxAnswers: number
  /** ms after which an answer is looked up again. */
  readonly maxAge: number
  /** ms after which something that was not there is looked up again. */
  readonly maxAbsence: number
  /** ms */
  readonly now: () => number
}

/**
 * Looks up once what is asked often. Absences are cached as well, for a shorter time and apart, so that invented keys
 * neither cost a look-up each time nor displace an answer. A failure is not cached. Callers that ask for the same key
 * at the same time share one look-up. A cached answer is returned at once.
 */
export function remembered<Answer>(
  find: (key: string) => Promise<Answer | null>,
  { maxAnswers, maxAge, maxAbsence, now }: MemoryLimits,
): (key: string) => Answer | null | Promise<Answer | null> {
  const found = new Aging<Answer>(maxAnswers, maxAge, now)
  const absent = new Aging<null>(maxAnswers, maxAbsence, now)
  const pending = new Map<string, Promise<Answer | null>>()

  async function lookUp(key: string): Promise<Answer | null> {
    // The age counts from the question: a change during the look-up is not seen.
    const asked = now()
    try {
      const answer = await find(key)
      if (answer === null) absent.set(key, null, asked)
      else found.set(key, answer, asked)
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

/** Values that are forgotten after a time, and the oldest ones when there are too many. */
class Aging<Value> {
  readonly #maxAge: number
  readonly #now: () => number
  readonly #values: LRUCache<string, Aged<Value>>

  constructor(most: number, maxAge: number, now: () => number) {
    this.#values = new LRUCache({ max: most })
    this.#maxAge = maxAge
    this.#now = now
  }

  get(key: string): Value | undefined {
    const kept = this.#values.peek(key)
    if (kept === undefined) return undefined
    const age = this.#now() - kept.since
    // A clock that was set back would keep a value for longer.
    if (age >= 0 && age < this.#maxAge) return kept.value
    this.#values.delete(key)
    return undefined
  }

  set(key: string, value: Value, since: number): void {
    this.#values.set(key, { value, since })
  }
}
