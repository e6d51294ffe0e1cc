import type { SiteId } from '@peerpress/wire'
import type { Database } from './database.ts'
import type { JobRequest, JobQueue } from './jobs.ts'

export interface Events {
  /**
   * Accepts a site's event and enqueues its job in one transaction: both or neither.
   * False, and no job, when this event id was accepted before.
   */
  claim(site: SiteId, eventId: string, job: JobRequest): Promise<boolean>
}

export function createEvents(database: Database, jobs: JobQueue, now: () => number): Events {
  return {
    claim: async (site, eventId, job) => {
      await jobs.prepare(job.name)
      return database.transaction(async (sql) => {
        const rows = await sql.query(
          `insert into peerpress.event (site, id, received_at) values ($1, $2, $3)
           on conflict do nothing returning id`,
          [site, eventId, new Date(now())],
        )
        if (rows.length === 0) return false
        await jobs.enqueueWithin(sql, job)
        return true
      })
    },
  }
}
