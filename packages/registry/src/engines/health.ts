import type { Database } from './database.ts'

/** How the database was when it was last looked at. */
export interface RegistryHealth {
  readonly ok: boolean
  /** Why not; null while all is well. */
  readonly detail: string | null
  /** When the last look ended; null before the first has. */
  readonly checkedAt: Date | null
}

/** Looks at the database now and then, so that its condition is known at once whatever it is busy with. */
export interface HealthWatch {
  health(): RegistryHealth
  stop(): void
}

export interface HealthOptions {
  /** ms since the Unix epoch */
  readonly now: () => number
  /** ms between two looks. @default 5000 */
  readonly interval?: number
  /** ms that a look may wait for its turn before the database counts as stuck. @default 30_000 */
  readonly maxWait?: number
}

/** A look is one trivial statement; a new one begins only when the one before is answered. */
export function watchHealth(database: Database, options: HealthOptions): HealthWatch {
  const { now, interval = 5000, maxWait = 30_000 } = options
  let pendingSince: number | null = null
  let detail: string | null = null
  let checkedAt: Date | null = null

  const look = () => {
    if (pendingSince !== null) return
    // Steady: a clock that is set must not make the database look stuck.
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
