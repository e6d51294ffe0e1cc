import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import {
  type Notification,
  notificationColumns,
  notificationOf,
  type NotificationRow,
} from './notification.ts'
import { isSiteId } from '../sites/site-id.ts'
import { addNotification, notificationQueue } from './notify-channels.ts'
import { isRecordId } from './record-id.ts'

/** The messages of all channels. A message is pending until it was sent or given up. */
export interface Notifications {
  /** Returns a channel's oldest pending notification. */
  next(channel: string): Promise<Notification | null>
  /** Records that sending begins, so that an attempt that a kill interrupts is counted. */
  begin(id: string): Promise<void>
  /** Records that the receiver took the message. */
  sent(id: string): Promise<void>
  /** Records why an attempt failed. `isFinal`: the message is given up. */
  failed(id: string, error: string, isFinal: boolean): Promise<void>
  /** Returns a channel's newest notification, and how many are pending. */
  state(channel: string): Promise<{ readonly last: Notification | null; readonly pending: number }>
  /**
   * Writes a digest for each subscribed e-mail channel of a site that gets one and got none within six days. Resolves to their
   * number.
   */
  addDigests(site: SiteId, text: string): Promise<number>
  /** Prepares the queue, before a transaction that writes notices. */
  prepareNotices(): Promise<void>
  /**
   * Writes a notice of the community for each subscribed channel of a site, within a transaction. Resolves to their number.
   * `prepareNotices` must have resolved.
   */
  addNotices(sql: Sql, site: SiteId, text: string): Promise<number>
  /** Enqueues the channels with pending notifications, except those that wait for a retry. */
  enqueuePending(): Promise<void>
  /** Gives up what is pending for more than 24 hours, and removes what was written more than 90 days ago. */
  prune(): Promise<void>
}

/** How long a notification may wait, ms. Later it would only confuse. A report may wait until the next one. */
const maxAge = 24 * 3600 * 1000
const maxReportAge = 6 * maxAge
/** ms between two digests of a channel, a day less than a week: a run may be late. */
const digestPause = 6 * 24 * 3600 * 1000
/** How long notifications are stored, ms. */
const memory = 90 * 24 * 3600 * 1000

export function createNotifications(database: Database, jobs: JobQueue, now: () => number): Notifications {
  const pending = 'sent_at is null and ended_at is null'
  return {
    next: async (channel) => {
      if (!isRecordId(channel)) return null
      const [row] = await database.query<NotificationRow>(
        `select ${notificationColumns} from peerpress.notification
         where channel = $1 and ${pending} order by number limit 1`,
        [channel],
      )
      return row === undefined ? null : notificationOf(row)
    },
    begin: async (id) => {
      await database.query(
        'update peerpress.notification set attempts = attempts + 1, attempted_at = $2 where id = $1',
        [id, new Date(now())],
      )
    },
    sent: async (id) => {
      await database.query('update peerpress.notification set sent_at = $2, error = null where id = $1', [
        id,
        new Date(now()),
      ])
    },
    failed: async (id, error, isFinal) => {
      await database.query('update peerpress.notification set error = $2, ended_at = $3 where id = $1', [
        id,
        storable(error),
        isFinal ? new Date(now()) : null,
      ])
    },
    state: async (channel) => {
      if (!isRecordId(channel)) return { last: null, pending: 0 }
      const [row] = await database.query<NotificationRow>(
        `select ${notificationColumns} from peerpress.notification
         where channel = $1 order by number desc limit 1`,
        [channel],
      )
      const [count] = await database.query<{ pending: number }>(
        `select count(*)::int as pending from peerpress.notification where channel = $1 and ${pending}`,
        [channel],
      )
      return { last: row === undefined ? null : notificationOf(row), pending: count?.pending ?? 0 }
    },
    addDigests: async (site, text) => {
      if (!isSiteId(site)) return 0
      await jobs.prepare(notificationQueue)
      return database.transaction(async (sql) => {
        // The lock makes a second digest at the same time see the first.
        const channels = await sql.query<{ id: string; url: string }>(
          `select channel.id, site.url from peerpress.channel join peerpress.site on site.id = channel.site
           where channel.site = $1 and has_digest and kind = 'email' and unsubscribed_at is null
           order by channel.id for update of channel`,
          [site],
        )
        let added = 0
        for (const { id, url } of channels) {
          const recent = await sql.query(
            `select 1 from peerpress.notification where channel = $1 and type = 'digest' and created_at > $2 limit 1`,
            [id, new Date(now() - digestPause)],
          )
          if (recent.length > 0) continue
          const content = {
            site: { id: site, url },
            incident: null,
            text: plain(text),
          }
          await addNotification(sql, jobs, {
            channel: id,
            incident: null,
            type: 'digest',
            content,
            at: new Date(now()),
          })
          added++
        }
        return added
      })
    },
    prepareNotices: () => jobs.prepare(notificationQueue),
    addNotices: async (sql, site, text) => {
      if (!isSiteId(site)) return 0
      const channels = await sql.query<{ id: string; url: string }>(
        `select channel.id, site.url from peerpress.channel join peerpress.site on site.id = channel.site
         where channel.site = $1 and unsubscribed_at is null order by channel.id`,
        [site],
      )
      for (const { id, url } of channels) {
        const content = { site: { id: site, url }, incident: null, text: plain(text) }
        const notice = { channel: id, incident: null, type: 'notice', content, at: new Date(now()) } as const
        await addNotification(sql, jobs, notice)
      }
      return channels.length
    },
    enqueuePending: async () => {
      const channels = await database.query<{ channel: string }>(
        `select distinct channel from peerpress.notification where ${pending}
           and not exists (select 1 from peerpress_jobs.job
             where name = $1 and state <= 'active' and singleton_key = channel)`,
        [notificationQueue],
      )
      for (const { channel } of channels) {
        await jobs.enqueue({ name: notificationQueue, key: channel, data: { channel } })
      }
    },
    prune: async () => {
      await database.query(
        `update peerpress.notification set ended_at = $1, error = coalesce(error, 'it was not sent in time')
         where ${pending} and created_at < case when type = 'report' then $3::timestamptz else $2::timestamptz end`,
        [new Date(now()), new Date(now() - maxAge), new Date(now() - maxReportAge)],
      )
      await database.query('delete from peerpress.notification where created_at < $1', [
        new Date(now() - memory),
      ])
    },
  }
}

function storable(text: string): string {
  return plain(text.slice(0, 500))
}

/** Postgres stores no U+0000. */
function plain(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}
