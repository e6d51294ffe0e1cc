/** A lock for many shared holders or one exclusive holder. Each waits for earlier ones, so that none starves. */
export class SharedLock {
  readonly #sharing = new Set<Promise<unknown>>()
  /** Resolves when the last exclusive holder so far has finished. */
  #exclusive: Promise<unknown> = Promise.resolve()

  /** Runs `work` beside other shared holders. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#exclusive.then(work)
    const settled: Promise<unknown> = running
      .catch(() => undefined)
      .finally(() => this.#sharing.delete(settled))
    this.#sharing.add(settled)
    return running
  }

  /** Runs `work` without any other holder. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const running = Promise.all([this.#exclusive, ...this.#sharing]).then(work)
    this.#exclusive = running.catch(() => undefined)
    return running
  }
}
