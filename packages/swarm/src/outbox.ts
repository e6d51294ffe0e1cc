import type { EngineOutput } from './contract.ts'

/** The outputs not yet polled, and the one timer. */
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
   * Sees to it that the engine is woken at `at` or earlier. What only moves a due time back, as every frame does,
   * costs nothing: the engine wakes at the old time, finds nothing due and asks for the new one.
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
