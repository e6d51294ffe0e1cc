import type { Database } from './database.ts'

/** The outcome of the last check of the database. */
export interface RegistryHealth {
  readonly ok: boolean
  /** Why not; null while all is well. */
  readonly detail: string | null
  /** When the last check ended; null before the first check ended. */
  readonly checkedAt: Date | null
}

/** Checks the database now and then, so that its condition can be read at once while it is busy. */
export interface HealthWatch {
  health(): RegistryHealth
  stop(): void
}

export interface HealthOptions {
  /** ms since the Unix epoch */
  readonly now: () => number
  /** ms between two checks. @default 5000 */
  readonly interval?: number
  /** ms that a check may wait for its turn before the database counts as stuck. @default 30_000 */
  readonly maxWait?: number
}

/** Begins the checks. A check is one trivial statement; the next begins after the previous one was answered. */
export function watchHealth(database: Database, options: HealthOptions): HealthWatch {
  const { now, interval = 5000, maxWait = 30_000 } = options
  let pendingSince: number | null = null
  let detail: string | null = null
  let checkedAt: Date | null = null

  const look = () => {
    if (pendingSince !== null) return
    // A steady clock: a change of the system clock must not make the database look stuck.
    pendingSince = performance.now()
    database.query('select 1').then(
      () => end(null),
      (error: unknown) => end(error instanceof Error && error.message !== '' ? error.message : String(error)),
    )
  }
  const end = (problem: string | null) => {
    pendingSince = null
    detail = problem
    checkedAt = new Date(now())
  }

  look()
  const timer = setInterval(look, interval)
  timer.unref()
  return {
    health: () => {
      const waited = pendingSince === null ? 0 : performance.now() - pendingSince
      const stuck = waited > maxWait ? `no answer for ${Math.round(waited / 1000)} s` : null
      const problem = detail ?? stuck
      return { ok: problem === null, detail: problem, checkedAt }
    },
    stop: () => clearInterval(timer),
  }
}
