import { setTimeout as delay } from 'node:timers/promises'

/** A part of the server that must end before the process ends. */
export interface Closer {
  /** The name of the part in messages. */
  readonly name: string
  /** Ends the part. Called with the ms that are left for it. */
  readonly close: (left: number) => unknown
}

/** The closers of a server by stage, in the order in which the stages end. */
export type ShutdownPlan = Readonly<Record<keyof typeof stageLimits, Closer[]>>

/**
 * The deadline of each stage, ms from the beginning of the shutdown. A supervisor usually waits 10 to 30 s. A part that misses
 * its deadline loses nothing: jobs and beacons are on disk, and the engine's process ends with the server's.
 */
const stageLimits = { work: 5_000, collector: 7_500, store: 10_000, registry: 11_000 } as const

/** Returns the stages of a plan in order, each with its deadline. */
export function stagesOf(plan: ShutdownPlan): readonly ShutdownStage[] {
  const names = Object.keys(stageLimits) as (keyof typeof stageLimits)[]
  return names.map((name) => ({ until: stageLimits[name], closers: plan[name] }))
}

/** Closers that may run at the same time, and their deadline, ms from the beginning of the shutdown. */
export interface ShutdownStage {
  readonly until: number
  readonly closers: readonly Closer[]
}

/**
 * Ends the parts of a server, one stage after the other. A part that fails or is late is reported and does not keep other
 * parts from ending, so the shutdown ends by the last deadline. Never rejects.
 */
export async function shutDown(
  stages: readonly ShutdownStage[],
  report: (problem: string, error?: unknown) => void,
): Promise<void> {
  const begun = performance.now()
  for (const { until, closers } of stages) {
    const late = new AbortController()
    const left = Math.max(0, begun + until - performance.now())
    const lateness = delay(left, 'late' as const, {
      signal: late.signal,
    }).catch(() => 'ended' as const)
    const ended = closers.map(async ({ name, close }) => {
      const outcome = Promise.try(close, left).then(
        () => 'ended' as const,
        (error: unknown) => {
          report(`${name} did not end in order`, error)
          return 'ended' as const
        },
      )
      if ((await Promise.race([outcome, lateness])) === 'late') {
        report(`${name} did not end in time and is left behind`)
      }
    })
    await Promise.all(ended)
    late.abort()
  }
}
