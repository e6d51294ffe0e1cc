import type { Drop, DropReason } from '../drop-reason.ts'
import type { BeaconContext } from '../beacon-context.ts'

/** Names of the steps, in their order. Stable: metrics have them as labels. */
export const stepNames = [
  'body',
  'network-rate',
  'room',
  'size',
  'parse',
  'schema',
  'site',
  'origin',
  'site-rate',
  'clock',
  'place',
  'agent',
  'bot',
  'referrer',
  'visitor',
  'log',
] as const
export type StepName = (typeof stepNames)[number]

/** One check of a beacon, or one finding about it. */
export interface Step {
  readonly name: StepName
  /** Returns a drop, or nothing if the beacon passes. */
  readonly run: (context: BeaconContext) => Drop | undefined | void | Promise<Drop | undefined>
}

/** Figures of a step since the start. */
export interface StepFigures {
  readonly name: StepName
  /** Number of beacons, or requests, that reached it. */
  readonly runs: number
  /** Duration of all runs together, including waiting. */
  readonly seconds: number
  /** Number of drops by reason. */
  readonly drops: Readonly<Partial<Record<DropReason, number>>>
}

/** Runs steps, and counts and times them. */
export class Pipeline {
  readonly #figures = new Map(stepNames.map((name) => [name, new Figures(name)]))

  /** Returns a function that runs steps in order until one drops the beacon. */
  through(steps: readonly Step[]): (context: BeaconContext) => Promise<Drop | undefined> {
    const counted = steps.map((step) => ({ step, figures: this.#figures.get(step.name) as Figures }))
    return async (context) => {
      let begun = performance.now()
      for (const { step, figures } of counted) {
        const outcome = step.run(context)
        const dropped = outcome instanceof Promise ? await outcome : outcome
        const ended = performance.now()
        figures.count(ended - begun, dropped ?? undefined)
        if (dropped) return dropped
        begun = ended
      }
      return undefined
    }
  }

  /** Counts a drop that was made outside the steps. */
  dropped(name: StepName, dropped: Drop): void {
    this.#figures.get(name)?.count(0, dropped)
  }

  /** Returns the figures of each step, in their order. */
  figures(): StepFigures[] {
    return [...this.#figures.values()].map((figures) => figures.snapshot())
  }
}

class Figures {
  readonly #name: StepName
  #runs = 0
  #ms = 0
  readonly #drops: Partial<Record<DropReason, number>> = {}

  constructor(name: StepName) {
    this.#name = name
  }

  count(ms: number, dropped: Drop | undefined): void {
    this.#runs++
    this.#ms += ms
    if (dropped) this.#drops[dropped.reason] = (this.#drops[dropped.reason] ?? 0) + 1
  }

  snapshot(): StepFigures {
    return { name: this.#name, runs: this.#runs, seconds: this.#ms / 1000, drops: { ...this.#drops } }
  }
}
