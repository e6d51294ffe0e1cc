const firstPause = 250
const longestPause = 10_000
/** An engine that lived this long, ms, did not die of how it was started. */
const calm = 60_000

/**
 * How long to wait before an engine is started again, ms: not at all after a single crash; when it dies again and again
 * soon after its start, twice as long each time, so that a store that cannot live does not take the processors along.
 */
export class RestartPause {
  #crashes = 0

  /** The pause after an engine that lived for `lifetime` ms. */
  after(lifetime: number): number {
    this.#crashes = lifetime >= calm ? 1 : this.#crashes + 1
    return this.#crashes === 1 ? 0 : Math.min(longestPause, firstPause * 2 ** (this.#crashes - 2))
  }
}
