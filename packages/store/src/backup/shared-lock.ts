/** Many holders that share, or one alone; each waits for those that came before it, so that nobody starves. */
export class SharedLock {
  readonly #sharing = new Set<Promise<unknown>>()
  /** Ends when the last exclusive holder so far has. */
  #exclusive: Promise<unknown> = Promise.resolve()

  /** Runs `work` beside others that share. */
  shared<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#exclusive.then(work)
    const settled: Promise<unknown> = running
      .catch(() => undefined)
      .finally(() => this.#sharing.delete(settled))
    this.#sharing.add(settled)
    return running
  }

  /** Runs `work` while nobody else holds it. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const running = Promise.all([this.#exclusive, ...this.#sharing]).then(work)
    this.#exclusive = running.catch(() => undefined)
    return running
  }
}
