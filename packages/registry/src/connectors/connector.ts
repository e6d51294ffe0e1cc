import type { SiteId } from '@peerpress/wire'

/** Kinds of connectors that an owner adds to a site. The WordPress plugin connects by itself. */
export const connectorKinds = ['feed', 'sitemap', 'webhook'] as const
export type ConnectorKind = (typeof connectorKinds)[number]

/** Jobs that poll one connector. Their data is `{connector}`. */
export const pollQueue = 'poll-connector'

/** A way in which a site reports its posts, and how its last use ended. */
export interface ConnectorRecord {
  /** 16 lower-case letters or digits. */
  readonly id: string
  readonly site: SiteId
  readonly kind: ConnectorKind
  /** Address of the feed or sitemap; null for a webhook. */
  readonly url: string | null
  /** Minutes from one poll to the next; null for a webhook. */
  readonly everyMinutes: number | null
  readonly createdAt: Date
  /** JSON that the connector remembers from its last complete poll. */
  readonly cursor: Readonly<Record<string, string>>
  /** Number of complete polls. */
  readonly polls: number
  /** When the next poll is due; null for a webhook. */
  readonly dueAt: Date | null
  /** When the last poll ended, whether it succeeded or not; null if none did. */
  readonly polledAt: Date | null
  /** When a poll last succeeded; null if none did. */
  readonly succeededAt: Date | null
  /** When a webhook last received a valid request; null if it never did. */
  readonly receivedAt: Date | null
  /** Polls that failed since the last success. */
  readonly failures: number
  /** Why the last poll failed; null if it succeeded. */
  readonly error: string | null
  /** Number of pages that the last successful poll was given; null if the source stated that nothing changed. */
  readonly named: number | null
  /** Number of pages that the last successful poll had requested, because they were new or may have changed. */
  readonly requested: number | null
  /** Entries that the last successful poll left out, and why. */
  readonly problems: readonly string[]
}

export interface ConnectorRow {
  readonly id: string
  readonly site: SiteId
  readonly kind: ConnectorKind
  readonly url: string
  readonly every_minutes: number | null
  readonly created_at: Date
  readonly cursor: Readonly<Record<string, string>>
  readonly polls: number
  readonly due_at: Date | null
  readonly polled_at: Date | null
  readonly succeeded_at: Date | null
  readonly received_at: Date | null
  readonly failures: number
  readonly error: string | null
  readonly named: number | null
  readonly requested: number | null
  readonly problems: readonly string[]
}

export const connectorColumns = `id, site, kind, url, every_minutes, created_at, cursor, polls, due_at, polled_at,
  succeeded_at, received_at, failures, error, named, requested, problems`

export function connectorOf(row: ConnectorRow): ConnectorRecord {
  const { every_minutes: everyMinutes, created_at: createdAt, due_at: dueAt, polled_at: polledAt } = row
  const { succeeded_at: succeededAt, received_at: receivedAt, url, ...rest } = row
  return {
    id: rest.id,
    site: rest.site,
    kind: rest.kind,
    url: url === '' ? null : url,
    everyMinutes,
    createdAt,
    cursor: rest.cursor,
    polls: rest.polls,
    dueAt,
    polledAt,
    succeededAt,
    receivedAt,
    failures: rest.failures,
    error: rest.error,
    named: rest.named,
    requested: rest.requested,
    problems: rest.problems,
  }
}
