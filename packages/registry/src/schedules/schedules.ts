import type { Database } from '../engines/database.ts'
import { type JobQueue, type StopWork, workStopped } from '../jobs/jobs.ts'

/** Repeating work of the whole installation. */
export interface Schedule {
  /** Stable: the outcome is stored under it. */
  readonly name: string
  /** When it is due, in UTC: a cron expression of five fields. */
  readonly cron: string
  /** How often a failed run is tried again before it is due the next time, a minute after each failure. @default 3 */
  readonly retries?: number
  /** Does the work. Should end soon after `signal` aborts, and reject then if the work is not done. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** How the last run of a schedule ended, on whichever server it ran. */
export interface ScheduleOutcome {
  readonly name: string
  readonly cron: string
  /** When the last run began; null before the first run ended. */
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  /** Why the last run failed; null if it succeeded. */
  readonly error: string | null
  /** When a run last succeeded; null if none did. */
  readonly succeededAt: Date | null
  /** When the next run is due; null before the first run ended. */
  readonly dueAt: Date | null
}

/** Work that is due again and again, once among all servers that share the database. */
export interface Schedules {
  /**
   * Runs the schedule now, at its times from now on, and once for all times that were missed while no server ran. A run that
   * is due while another waits or runs is left out.
   * @param onFailure called with the error of a failed run. Must not throw.
   * @returns aborts a run of this server and takes no further run
   */
  repeat(schedule: Schedule, onFailure: (error: unknown) => void): Promise<StopWork>
  /** The outcomes of all schedules, by name. */
  outcomes(): Promise<ScheduleOutcome[]>
}

export function createSchedules(
  database: Database,
  jobs: Pick<JobQueue, 'repeat' | 'timeAfter'>,
  now: () => number,
): Schedules {
  return {
    repeat: async ({ name, cron, retries = 3, run }, onFailure) => {
      await database.query(
        `insert into peerpress.schedule (name, cron) values ($1, $2)
         on conflict (name) do update set cron = excluded.cron`,
        [name, cron],
      )
      return jobs.repeat({ name, cron, retries }, async (signal) => {
        const startedAt = new Date(now())
        const failure = await run(signal).then(
          () => null,
          (error: unknown) => ({ error }),
        )
        // A run that a stop cut off has no outcome: it is repeated at the next start.
        if (signal.reason === workStopped) throw workStopped
        const message = failure === null ? null : messageOf(failure.error)
        await database.query(
          `update peerpress.schedule set started_at = $2, ended_at = $3, error = $4::text,
             succeeded_at = case when $4::text is null then $3 else succeeded_at end where name = $1`,
          [name, startedAt, new Date(now()), message],
        )
        if (failure === null) return
        onFailure(failure.error)
        throw failure.error
      })
    },
    outcomes: async () => {
      const rows = await database.query<OutcomeRow>(
        'select name, cron, started_at, ended_at, succeeded_at, error from peerpress.schedule order by name',
      )
      return Promise.all(
        rows.map(async ({ name, cron, error, ...row }) => ({
          name,
          cron,
          startedAt: row.started_at,
          endedAt: row.ended_at,
          error,
          succeededAt: row.succeeded_at,
          dueAt: row.started_at === null ? null : await jobs.timeAfter(cron, row.started_at),
        })),
      )
    },
  }
}

interface OutcomeRow {
  readonly name: string
  readonly cron: string
  readonly started_at: Date | null
  readonly ended_at: Date | null
  readonly succeeded_at: Date | null
  readonly error: string | null
}

/** Postgres stores no U+0000. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replaceAll('\0', '').slice(0, 500).toWellFormed()
}
