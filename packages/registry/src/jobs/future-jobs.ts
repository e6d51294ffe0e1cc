import type { Database } from '../engines/database.ts'

/**
 * Resets times that lie further ahead than the job queue ever plans, because the clock was set back after they were written:
 * of retries, of running jobs, and of the queue's own checks.
 */
export async function advanceFutureJobs(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    for (const statement of statements) await sql.query(statement)
  })
}

/** A retry waits 15 minutes at most. */
const furthestRetry = `interval '20 minutes'`
/** Times of past events can be ahead only by a small correction of the clock. */
const slip = `interval '1 minute'`

function notAhead(column: string): string {
  return `${column} = case when ${column} > now() + ${slip} then now() else ${column} end`
}

const statements: readonly string[] = [
  `update peerpress_jobs.job set start_after = now()
   where state in ('created', 'retry') and start_after > now() + ${furthestRetry}`,
  `update peerpress_jobs.job set ${notAhead('started_on')}, ${notAhead('heartbeat_on')}
   where state = 'active' and greatest(started_on, heartbeat_on) > now() + ${slip}`,
  `update peerpress_jobs.queue set ${['monitor_on', 'monitor_claim_on', 'maintain_on', 'delta_on'].map(notAhead).join(', ')}
   where greatest(monitor_on, monitor_claim_on, maintain_on, delta_on) > now() + ${slip}`,
  `update peerpress_jobs.version set ${['cron_on', 'reindex_on', 'flow_on', 'bam_on'].map(notAhead).join(', ')}
   where greatest(cron_on, reindex_on, flow_on, bam_on) > now() + ${slip}`,
  // This time is planned ahead, by minutes.
  `update peerpress_jobs.version set monitor_backoff_on = null
   where monitor_backoff_on > now() + interval '1 hour'`,
]
