import { randomUUID } from 'node:crypto'
import type { Sql } from '../engines/database.ts'
import type { Incident } from '../incidents/incident.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import type { NotificationContent, NotificationType } from './notification.ts'

/** The queue of channels that have something to send. A job's key is the channel's id. */
export const notificationQueue = 'notifications'

/** Writes a notification for each subscribed channel of the incident's site that gets alerts, and enqueues the channels. */
export async function notifyChannels(
  sql: Sql,
  jobs: Pick<JobQueue, 'enqueueWithin'>,
  { incident, type, text, at }: IncidentNews,
): Promise<void> {
  const channels = await sql.query<{ id: string; url: string }>(
    `select channel.id, site.url from peerpress.channel join peerpress.site on site.id = channel.site
     where channel.site = $1 and has_alerts and unsubscribed_at is null order by channel.id`,
    [incident.site],
  )
  const { id, symptom, severity, summary, since, openedAt, resolvedAt } = incident
  for (const channel of channels) {
    await addNotification(sql, jobs, {
      channel: channel.id,
      incident: id,
      type,
      at,
      content: {
        site: { id: incident.site, url: channel.url },
        incident: {
          id,
          symptom,
          severity,
          summary,
          since: since.toISOString(),
          openedAt: openedAt.toISOString(),
          resolvedAt: resolvedAt?.toISOString() ?? null,
        },
        text,
      },
    })
  }
}

interface IncidentNews {
  readonly incident: Incident
  readonly type: Exclude<NotificationType, 'test' | 'digest' | 'notice' | 'report'>
  readonly text: string
  readonly at: Date
}

/** Writes a notification and enqueues its channel. The queue must be prepared. */
export async function addNotification(
  sql: Sql,
  jobs: Pick<JobQueue, 'enqueueWithin'>,
  notification: {
    readonly channel: string
    readonly incident: string | null
    readonly type: NotificationType
    readonly content: NotificationContent
    readonly at: Date
  },
): Promise<void> {
  const { channel, incident, type, content, at } = notification
  await sql.query(
    `insert into peerpress.notification (id, channel, number, incident, type, content, created_at)
     select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5::text::jsonb, $6
     from peerpress.notification where channel = $2`,
    [randomUUID(), channel, incident, type, JSON.stringify(content), at],
  )
  await jobs.enqueueWithin(sql, { name: notificationQueue, key: channel, data: { channel } })
}
