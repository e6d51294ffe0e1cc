import type { Sql } from '../engines/database.ts'

/** ms between two looks: a retry waits this much longer at most. */
const pause = 1_000

export interface DueJobsOptions {
  readonly database: Sql
  /** The queues that have workers in this process. */
  readonly names: () => readonly string[]
  /** Called with the name of each queue in which a job can be fetched now. Never throws. */
  readonly onDue: (name: string) => void
  readonly onError: (error: unknown) => void
}

/**
 * Looks each second for jobs that became due, such as retries, in all queues with one statement. Without it each worker would
 * look itself: a server with nothing to do would spend a tenth of a processor on twenty statements a second.
 */
export function watchDueJobs({ database, names, onDue, onError }: DueJobsOptions): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const look = async () => {
    const watched = names()
    const due = watched.length === 0 ? [] : await database.query<{ name: string }>(dueQueues, [watched])
    if (!isStopped) for (const { name } of due) onDue(name)
  }
  const lookLater = () => {
    if (isStopped) return
    timer = setTimeout(() => {
      look().catch(onError).finally(lookLater)
    }, pause)
    timer.unref()
  }
  lookLater()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** The condition is the one by which the queue fetches jobs, so that its index is used. */
const dueQueues = `
select name from unnest($1::text[]) as watched (name)
where exists (
  select 1 from peerpress_jobs.job
  where job.name = watched.name and state < 'active' and not blocked and start_after <= peerpress_jobs.job_now()
)`
