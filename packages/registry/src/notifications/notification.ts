import type { SiteId } from '@peerpress/wire'
import type { Incident } from '../incidents/incident.ts'

export const notificationTypes = [
  'opened',
  'updated',
  'resolved',
  'test',
  'digest',
  'notice',
  'report',
] as const
export type NotificationType = (typeof notificationTypes)[number]

/** A number of a report, and what it was in the period before. */
export interface ReportedFigure {
  readonly name: string
  /** As text, such as `1,204` or `2.1 s`; null if it was not measured. */
  readonly value: string | null
  /** How it changed, such as `12 % more than the week before`; null if that is not known. */
  readonly change: string | null
}

/** A finding as a report has it. */
export interface ReportedFinding {
  readonly title: string
  readonly sentence: string
  readonly action: string
}

/** What a report of a period says. */
export interface ReportContent {
  readonly cadence: 'weekly' | 'monthly'
  /** `YYYY-MM-DD`, in the site's time zone; both included. */
  readonly firstDay: string
  readonly lastDay: string
  readonly figures: readonly ReportedFigure[]
  /** The most important first. */
  readonly findings: readonly ReportedFinding[]
}

/** What a notification says, as of the moment that it was written. */
export interface NotificationContent {
  readonly site: { readonly id: SiteId; readonly url: string }
  /** Null in a test message, a digest, a notice and a report. */
  readonly incident:
    | (Pick<Incident, 'id' | 'symptom' | 'severity' | 'summary'> & {
        /** RFC 3339, like all times here. */
        readonly since: string
        readonly openedAt: string
        readonly resolvedAt: string | null
      })
    | null
  /** Only in a report. */
  readonly report?: ReportContent
  /** The incident's latest history entry, or the text of a digest, a notice or a report, for people. */
  readonly text: string
}

/** A message to one channel, written in the transaction that changed the incident. */
export interface Notification {
  /** Identifies the message for its receiver, who may get it twice. */
  readonly id: string
  readonly channel: string
  readonly type: NotificationType
  readonly content: NotificationContent
  readonly createdAt: Date
  /** How often sending it was begun. */
  readonly attempts: number
  /** When the receiver took it. Null if it did not, or if nothing is known of an interrupted attempt. */
  readonly sentAt: Date | null
  /** When sending it was given up. Null if it was not. */
  readonly endedAt: Date | null
  /** Why the last attempt failed. Null if it did not. */
  readonly error: string | null
}

export interface NotificationRow extends Pick<
  Notification,
  'id' | 'channel' | 'type' | 'content' | 'attempts' | 'error'
> {
  readonly created_at: Date
  readonly sent_at: Date | null
  readonly ended_at: Date | null
}

/** The columns of {@link NotificationRow}. */
export const notificationColumns =
  'id, channel, type, content, created_at, attempts, sent_at, ended_at, error'

export function notificationOf(row: NotificationRow): Notification {
  const { id, channel, type, content, attempts, error } = row
  return {
    id,
    channel,
    type,
    content,
    attempts,
    error,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    endedAt: row.ended_at,
  }
}
