import { StoreError } from '../../store-error.ts'
import { aborted } from './abortable.ts'
import type { CallOptions } from './call-options.ts'

/** The capacity of a queue. */
export interface QueueLimits {
  /** Maximum number of running calls. */
  readonly running: number
  /** Maximum number of waiting calls, of all callers together. */
  readonly waiting: number
}

interface Waiting {
  readonly start: () => void
  readonly refuse: (error: StoreError) => void
}

/**
 * A bounded queue that is fair between callers. Callers with waiting calls take turns, one call each, whatever the
 * number of their calls. When the queue is full and a caller with few waiting calls adds one, the newest call of the
 * caller with most is refused (McKenney, Stochastic Fairness Queueing, 1990, section 3).
 */
export class FairQueue {
  readonly #limits: QueueLimits
  /** The waiting calls of each caller; the caller whose turn is next comes first. No list is empty. */
  readonly #lines = new Map<unknown, Waiting[]>()
  #running = 0
  #waiting = 0

  constructor(limits: QueueLimits) {
    this.#limits = limits
  }

  /** Number of waiting calls. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Runs a call when its turn comes. The call occupies its place until its promise settles.
   * @throws {StoreError} `busy` when the queue is full, `aborted` when the signal is aborted before the call starts
   */
  async run<T>(call: () => Promise<T>, { caller, signal }: CallOptions = {}): Promise<T> {
    await this.#turn(caller, signal)
    try {
      return await call()
    } finally {
      this.#running--
      this.#startNext()
    }
  }

  #turn(caller: unknown, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(aborted(signal))
    if (this.#running < this.#limits.running && this.#waiting === 0) {
      this.#running++
      return Promise.resolve()
    }
    if (this.#waiting >= this.#limits.waiting && !this.#makeRoomFor(caller)) return Promise.reject(busy())
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const onAbort = () => {
      this.#remove(caller, waiting)
      reject(aborted(signal))
    }
    const waiting: Waiting = {
      start: () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      refuse: (error) => {
        signal?.removeEventListener('abort', onAbort)
        reject(error)
      },
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    const line = this.#lines.get(caller)
    if (line === undefined) this.#lines.set(caller, [waiting])
    else line.push(waiting)
    this.#waiting++
    return promise
  }

  #startNext(): void {
    while (this.#running < this.#limits.running) {
      const [next] = this.#lines
      if (next === undefined) return
      const [caller, line] = next
      const waiting = line.shift()
      // The caller's next call waits behind all other callers.
      this.#lines.delete(caller)
      if (line.length > 0) this.#lines.set(caller, line)
      this.#waiting--
      this.#running++
      waiting?.start()
    }
  }

  #makeRoomFor(caller: unknown): boolean {
    let longest: readonly [caller: unknown, line: readonly Waiting[]] | undefined
    for (const entry of this.#lines) {
      if (longest === undefined || entry[1].length > longest[1].length) longest = entry
    }
    const own = this.#lines.get(caller)?.length ?? 0
    const newest = longest?.[1].at(-1)
    if (longest === undefined || newest === undefined || longest[1].length <= own + 1) return false
    this.#remove(longest[0], newest)
    newest.refuse(busy())
    return true
  }

  #remove(caller: unknown, waiting: Waiting): void {
    const line = this.#lines.get(caller)
    const index = line?.indexOf(waiting) ?? -1
    if (line === undefined || index < 0) return
    line.splice(index, 1)
    this.#waiting--
    if (line.length === 0) this.#lines.delete(caller)
  }
}

function busy(): StoreError {
  return new StoreError('busy', 'too many queries wait already; try again in a moment')
}
