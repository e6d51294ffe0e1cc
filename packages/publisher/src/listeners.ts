/** Functions that are called with each value. One that throws is reported as a warning and disturbs nobody else. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>()

  /** Returns what ends the calls. */
  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  call(value: Value): void {
    for (const listener of this.#listeners) {
      try {
        listener(value)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
}
