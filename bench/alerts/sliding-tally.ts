import type { Tally } from '@peerpress/watch'

/** The events of the last `length` minutes. Adding a minute takes the same time however long it is. */
export class SlidingTally implements Tally {
  total = 0
  failed = 0
  readonly #totals: Int32Array
  readonly #failures: Int32Array
  #next = 0

  constructor(length: number) {
    this.#totals = new Int32Array(length)
    this.#failures = new Int32Array(length)
  }

  add(total: number, failed: number): void {
    const at = this.#next
    this.total += total - (this.#totals[at] ?? 0)
    this.failed += failed - (this.#failures[at] ?? 0)
    this.#totals[at] = total
    this.#failures[at] = failed
    this.#next = at + 1 === this.#totals.length ? 0 : at + 1
  }
}
