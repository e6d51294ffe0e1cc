import { setTimeout as delay } from 'node:timers/promises'
import { killEngines, type UnexpectedErrorCounts, type UnexpectedErrors } from '@peerpress/server'
import { say } from './output/say.ts'
import type { StopSignal } from './stop-signal.ts'

/** Passes the counts of a run to the next one, which has the same process id. */
const variable = 'PEERPRESS_EARLIER_RUN'

/** A run that lasts this long counts as healthy: the pause before a later restart begins anew, ms. */
const healthyRun = 60_000
/** Pause before the second restart in a row, ms; it doubles up to the longest. The first restart is immediate. */
const firstPause = 1_000
const longestPause = 60_000

/** Codes of errors that last until a person removes their cause: a restart does not help. */
const lasting: ReadonlySet<string> = new Set([
  'bad-config',
  'damaged',
  'incomplete-restore',
  'migration-mismatch',
  'missing-part',
  'mixed-data',
])

/** Counts of the runs before this one. */
export interface EarlierRun extends UnexpectedErrorCounts {
  readonly restarts: number
  /** Restarts since a run was last healthy. */
  readonly inARow: number
}

/** Reads the counts of earlier runs from the environment. All are zero in the first run. */
export function earlierRun(environment: Readonly<Partial<Record<string, string>>>): EarlierRun {
  const counts = (environment[variable] ?? '').split(' ').map(Number)
  const [exception = 0, rejection = 0, restarts = 0, inARow = 0] = counts.every(Number.isSafeInteger)
    ? counts
    : []
  return { exception, rejection, restarts, inARow }
}

/** Pause before a restart, ms. `inARow`: restarts before it without a healthy run between. */
export function restartPause(inARow: number): number {
  return inARow === 0 ? 0 : Math.min(longestPause, firstPause * 2 ** (inARow - 1))
}

/** Returns whether another run follows a restarted run that could not start. */
export function mayTryAgain({ inARow }: EarlierRun, error: unknown): boolean {
  return inARow > 0 && !(error instanceof Error && 'code' in error && lasting.has(String(error.code)))
}

/**
 * Replaces this process by a new run of the same command, after a pause that grows while restarts follow each other.
 * Returns only when a stop signal arrives meanwhile.
 * @param hasRun whether this run listened, so that it may have been healthy
 */
export async function startAgain(
  errors: UnexpectedErrors,
  { stop, hasRun }: { readonly stop: StopSignal; readonly hasRun: boolean },
): Promise<void> {
  const earlier = earlierRun(process.env)
  const wasHealthy = hasRun && process.uptime() * 1000 >= healthyRun
  const inARow = wasHealthy ? 0 : earlier.inARow
  const pause = restartPause(inARow)
  if (pause > 0) say.step(`starting again in ${pause / 1000} s`)
  await Promise.race([delay(pause), stop.received])
  if (stop.isReceived()) return
  const { exception, rejection } = errors.counts()
  const run = [exception, rejection, earlier.restarts + 1, inARow + 1].join(' ')
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  if (process.execve === undefined) {
    say.problem('this system can not start the server again in place; its supervisor has to')
    process.exit(70)
  }
  killEngines()
  process.execve(process.execPath, command, { ...process.env, [variable]: run })
}
