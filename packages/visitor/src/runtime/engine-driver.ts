import type { Engine, EngineInput, EngineOutput } from '@peerpress/swarm'

/** What carries out each kind of output. */
export type Effects = {
  readonly [Type in EngineOutput['type']]: (output: Extract<EngineOutput, { type: Type }>) => void
}

/**
 * Keeps the engine's one rule: an input, then all its outputs, then the next input. An input that an output's
 * effect causes on the spot waits for its turn.
 */
export class EngineDriver {
  readonly #engine: Engine
  readonly #effects: Effects
  readonly #inputs: EngineInput[] = []
  #driving = false

  constructor(engine: Engine, effects: Effects) {
    this.#engine = engine
    this.#effects = effects
  }

  handle(input: EngineInput): void {
    this.#inputs.push(input)
    if (this.#driving) return
    this.#driving = true
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
        this.#engine.handle(next, performance.now())
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
