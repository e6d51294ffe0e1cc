/** Lets a limited number of tasks run at a time. The others wait for their turn. */
export class Turns {
  readonly #max: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(max: number) {
    this.#max = max
  }

  /** Resolves when it is the caller's turn. The caller calls the returned function when it is done. */
  async take(): Promise<() => void> {
    if (this.#running < this.#max) this.#running++
    else await new Promise<void>((turn) => this.#waiting.push(turn))
    return () => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
