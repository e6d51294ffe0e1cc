import type { EngineOutput } from './contract.ts'

/** The outputs that were not polled yet, and the engine's only timer. */
export class Outbox {
  readonly #outputs: EngineOutput[] = []
  #read = 0
  #timerAt = Infinity

  push(output: EngineOutput): void {
    this.#outputs.push(output)
  }

  poll(): EngineOutput | undefined {
    const output = this.#outputs[this.#read]
    if (output !== undefined) {
      this.#read++
      return output
    }
    this.#outputs.length = 0
    this.#read = 0
    return undefined
  }

  /**
   * Ensures that the engine is woken at `at` or earlier. A due time that moves back, as with every frame, costs
   * nothing: the engine wakes at the old time, finds nothing due and sets the new one.
   */
  wake(at: number): void {
    if (at >= this.#timerAt) return
    this.#timerAt = at
    this.push({ type: 'set-timer', at })
  }

  timerFired(): void {
    this.#timerAt = Infinity
  }
}
