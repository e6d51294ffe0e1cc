import type { PostId, SiteId } from '@peerpress/wire'
import type { EventTransactions } from '../outbox/event-transaction.ts'
import type { JobRequest, JobQueue } from '../jobs/jobs.ts'
import { type PostStatement, recordStatement } from '../posts/statements.ts'

/** The job of an event, and what the event states about a post. */
export interface EventJob extends JobRequest {
  readonly statement?: PostStatement & { readonly post: PostId }
}

export interface Events {
  /**
   * Accepts a site's event, records its statement and enqueues its job in one transaction: all or nothing.
   * False, and nothing else, when this event id was accepted before.
   */
  claim(site: SiteId, eventId: string, job: EventJob): Promise<boolean>
}

export function createEvents(outbox: EventTransactions, jobs: JobQueue, now: () => number): Events {
  return {
    claim: async (site, eventId, { statement, ...job }) => {
      await jobs.prepare(job.name)
      return outbox.transaction(async (sql) => {
        const rows = await sql.query(
          `insert into peerpress.event (site, id, received_at) values ($1, $2, $3)
           on conflict do nothing returning id`,
          [site, eventId, new Date(now())],
        )
        if (rows.length === 0) return false
        if (statement !== undefined) {
          const saidAt = new Date(Math.min(statement.saidAt.getTime(), now()))
          await recordStatement(sql, { site, post: statement.post }, { says: statement.says, saidAt })
          if (statement.says !== 'published') {
            sql.emit({ type: 'post.withdrawn', site, post: statement.post })
          }
        }
        await jobs.enqueueWithin(sql, job)
        return true
      })
    },
  }
}
