/**
 * Values of a subscription. A reader that is slower than the changes gets the latest value of each key, so that no more than one
 * value of each waits.
 */
export class ValueStream<Value> implements AsyncIterableIterator<Value, undefined> {
  readonly #waiting = new Map<string, Value>()
  readonly #endings: (() => void)[] = []
  #taker: PromiseWithResolvers<IteratorResult<Value, undefined>> | null = null
  #isEnded = false
  #error: Error | null = null

  get isEnded(): boolean {
    return this.#isEnded
  }

  /** Calls `ending` when the stream ends for any reason; at once if it has ended. */
  onEnd(ending: () => void): void {
    if (this.#isEnded) ending()
    else this.#endings.push(ending)
  }

  /** Replaces the value of a key that was not taken yet. Does nothing after the end. */
  put(key: string, value: Value): void {
    if (this.#isEnded) return
    this.#waiting.set(key, value)
    this.#give()
  }

  /** Ends the stream. A reader takes the values that wait, then gets the error. */
  end(error: Error | null = null): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#error = error
    this.#give()
    for (const ending of this.#endings.splice(0)) ending()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Value, undefined>> {
    // A reader that asks twice at once gets one answer: GraphQL's executor never does.
    this.#taker ??= Promise.withResolvers()
    const { promise } = this.#taker
    this.#give()
    return promise
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#waiting.clear()
    this.end()
    return { done: true, value: undefined }
  }

  #give(): void {
    const taker = this.#taker
    if (taker === null) return
    const [first] = this.#waiting
    if (first !== undefined) {
      this.#waiting.delete(first[0])
      taker.resolve({ done: false, value: first[1] })
    } else if (this.#error !== null) {
      taker.reject(this.#error)
      this.#error = null
    } else if (this.#isEnded) taker.resolve({ done: true, value: undefined })
    else return
    this.#taker = null
  }
}
