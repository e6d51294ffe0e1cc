import type { Drop, DropReason } from '../drop-reason.ts'
import type { BeaconContext } from '../beacon-context.ts'

/** Names of the steps, in their order. Stable: metrics are told by them. */
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

/** One thing that is asked of a beacon, or found out about it. */
export interface Step {
  readonly name: StepName
  /** Lets the beacon pass, or tells why not. */
  readonly run: (context: BeaconContext) => Drop | undefined | void | Promise<Drop | undefined>
}

/** What a step has done since the start. */
export interface StepFigures {
  readonly name: StepName
  /** Beacons, or requests, that came to it. */
  readonly runs: number
  /** Of all runs together, what was waited for included. */
  readonly seconds: number
  /** How many it dropped, by reason. */
  readonly drops: Readonly<Partial<Record<DropReason, number>>>
}

/** Counts and times steps. */
export class Pipeline {
  readonly #figures = new Map(stepNames.map((name) => [name, new Figures(name)]))

  /** The way through steps; the first that drops ends it. */
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

  /** Counts a drop that was made elsewhere. */
  dropped(name: StepName, dropped: Drop): void {
    this.#figures.get(name)?.count(0, dropped)
  }

  /** By step, in their order. */
  figures(): StepFigures[] {
    return [...this.#figures.values()].map((figures) => figures.told())
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

  told(): StepFigures {
    return { name: this.#name, runs: this.#runs, seconds: this.#ms / 1000, drops: { ...this.#drops } }
  }
}
