import { setTimeout as delay } from 'node:timers/promises'

/** A part of the server that has to end before the process does. */
export interface Closer {
  /** What a message calls it. */
  readonly name: string
  /** Called with the ms that are left for it. */
  readonly close: (left: number) => unknown
}

/** The closers of a server by stage, in the order in which the stages end. */
export type ShutdownPlan = Readonly<Record<keyof typeof stageLimits, Closer[]>>

/**
 * When waiting for the parts of each stage ends, ms from the beginning of the shutdown. A supervisor usually waits 10 to
 * 30 s; what is cut off is safe: jobs and beacons are on disk, and the engine's process ends with the server's.
 */
const stageLimits = { work: 5_000, collector: 7_500, store: 10_000, registry: 11_000 } as const

/** The stages of a plan, in order, each with its limit. */
export function stagesOf(plan: ShutdownPlan): readonly ShutdownStage[] {
  const names = Object.keys(stageLimits) as (keyof typeof stageLimits)[]
  return names.map((name) => ({ until: stageLimits[name], closers: plan[name] }))
}

/** Closers that may run at the same time, and the moment from the beginning of the shutdown when waiting for them ends, ms. */
export interface ShutdownStage {
  readonly until: number
  readonly closers: readonly Closer[]
}

/**
 * Ends the parts of a server, one stage after the other. A part that fails or is late is reported and keeps no other from
 * ending, so the shutdown takes no longer than the last stage's moment. Never rejects.
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
