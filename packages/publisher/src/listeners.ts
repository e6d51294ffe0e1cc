/** Functions that are called with each value. If one throws, a warning is emitted and the others are still called. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>()

  /** Adds a listener and returns a function that removes it. */
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
