import type { Notification, NotificationType, Severity } from '@peerpress/registry'

/** A notification for people. */
export interface Message {
  readonly subject: string
  readonly text: string
}

/** What a message depends on besides the notification. */
export interface MessageContext {
  /** The site's, as in the IANA database. Its times are shown in it. */
  readonly timeZone: string
  /** The page of the site that the message is about: its alerts, its findings, or the community. */
  readonly page: string
  readonly unsubscribe: string
}

/** Renders a notification as plain text. */
export function renderMessage(
  { type, content }: Pick<Notification, 'type' | 'content'>,
  { timeZone, page, unsubscribe }: MessageContext,
): Message {
  const { site, incident, report, text } = content
  const host = new URL(site.url).host
  const times =
    incident === null
      ? []
      : [
          `Since: ${atMinute(incident.since, timeZone)}`,
          ...(incident.resolvedAt === null ? [] : [`Resolved: ${atMinute(incident.resolvedAt, timeZone)}`]),
        ]
  const lines = [
    text,
    ...(incident !== null && text !== incident.summary ? ['', `It began with: ${incident.summary}`] : []),
    '',
    `Site: ${site.url}`,
    ...times,
    ...linksOf(type, page),
    '',
    '-- ',
    `PeerPress watches ${host} and writes to this address because somebody who manages the site asked for it.`,
    `Unsubscribe: ${unsubscribe}`,
    '',
  ]
  const label =
    type === 'report' ? reportLabels[report?.cadence ?? 'weekly'] : labelOf(type, incident?.severity)
  return { subject: `${label}: ${host}`, text: lines.join('\n') }
}

const reportLabels = { weekly: 'Weekly report', monthly: 'Monthly report' } as const

function linksOf(type: NotificationType, page: string): string[] {
  if (type === 'digest') return []
  if (type === 'report') return [`All findings: ${page}`]
  return [type === 'notice' ? `The case: ${page}` : `All alerts of the site: ${page}`]
}

function labelOf(type: Exclude<NotificationType, 'report'>, severity: Severity | undefined): string {
  switch (type) {
    case 'test':
      return 'Test message'
    case 'digest':
      return 'Weekly digest'
    case 'notice':
      return 'Community'
    case 'resolved':
      return 'Resolved'
    case 'updated':
      return 'Worse now'
    case 'opened':
      return severity === 'page' ? 'Alert' : 'Warning'
  }
}

function atMinute(time: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return `${format.format(new Date(time))} (${timeZone})`
}
