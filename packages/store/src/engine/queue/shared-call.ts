import { abortable, aborted } from './abortable.ts'

/** A call whose result several callers wait for. It is aborted when all of them have left. */
export class SharedCall<T> {
  readonly #answer: Promise<T>
  readonly #abandoned = new AbortController()
  #waiting = 0

  constructor(call: (signal: AbortSignal) => Promise<T>) {
    this.#answer = call(this.#abandoned.signal)
    // A caller that left no longer handles the rejection.
    this.#answer.catch(() => undefined)
  }

  /** Whether all callers left before there was a result. Then no other caller may wait for it. */
  get isAbandoned(): boolean {
    return this.#abandoned.signal.aborted
  }

  /** Returns the result. Rejects with `aborted`, for this caller alone, when its signal is aborted. */
  async wait(signal?: AbortSignal): Promise<T> {
    if (signal?.aborted && this.#waiting === 0) this.#abandoned.abort(signal.reason)
    if (signal?.aborted) throw aborted(signal)
    this.#waiting++
    try {
      return await abortable(this.#answer, signal)
    } finally {
      this.#waiting--
      if (this.#waiting === 0 && signal?.aborted) this.#abandoned.abort(signal.reason)
    }
  }
}
