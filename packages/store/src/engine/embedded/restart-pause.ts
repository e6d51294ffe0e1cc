const firstPause = 250
const longestPause = 10_000
/** An engine that ran this long, ms, did not fail because of its start. */
const calm = 60_000

/**
 * The pause before an engine is restarted, ms. It is 0 after a single crash. It doubles while engines die soon after
 * their start, so that a failing store does not use up the processors.
 */
export class RestartPause {
  #crashes = 0

  /** Returns the pause after an engine that ran for `lifetime` ms. */
  after(lifetime: number): number {
    this.#crashes = lifetime >= calm ? 1 : this.#crashes + 1
    return this.#crashes === 1 ? 0 : Math.min(longestPause, firstPause * 2 ** (this.#crashes - 2))
  }
}
