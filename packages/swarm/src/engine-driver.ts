import type { EngineInput, EngineOutput } from './contract.ts'
import type { Engine } from './engine.ts'

/** The functions that carry out each kind of output. */
export type Effects = {
  readonly [Type in EngineOutput['type']]: (output: Extract<EngineOutput, { type: Type }>) => void
}

/**
 * Applies the engine's rule: an input, then all its outputs, then the next input. If an effect causes an input
 * immediately, the input is queued.
 */
export class EngineDriver {
  readonly #engine: Engine
  readonly #effects: Effects
  readonly #now: () => number
  readonly #inputs: EngineInput[] = []
  #driving = false

  /** `now` returns ms on a clock that never goes back. */
  constructor(engine: Engine, effects: Effects, now: () => number) {
    this.#engine = engine
    this.#effects = effects
    this.#now = now
  }

  handle(input: EngineInput): void {
    this.#inputs.push(input)
    if (this.#driving) return
    this.#driving = true
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
        this.#engine.handle(next, this.#now())
        for (let output = this.#engine.poll(); output; output = this.#engine.poll()) this.#carryOut(output)
      }
    } finally {
      this.#driving = false
    }
  }

  #carryOut<Type extends EngineOutput['type']>(output: Extract<EngineOutput, { type: Type }>): void {
    const effect = this.#effects[output.type] as (output: Extract<EngineOutput, { type: Type }>) => void
    effect(output)
  }
}
