import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.connectorState

/** The part of a connector that its state follows from. Times are RFC 3339. */
export interface ConnectorOutcome {
  readonly kind: 'FEED' | 'SITEMAP' | 'WEBHOOK'
  readonly polledAt: string | null
  readonly receivedAt: string | null
  readonly error: string | null
  readonly named: number | null
  readonly requested: number | null
}

/** Returns what the last poll or event brought, as one sentence. */
export function lastOutcome(
  { kind, polledAt, receivedAt, error, named, requested }: ConnectorOutcome,
  count: (value: number) => string,
): string {
  if (kind === 'WEBHOOK') {
    return receivedAt === null ? texts.noValidEventHas : texts.eventsArrive
  }
  if (polledAt === null) return texts.itHasNotBeen
  if (error !== null) return texts.lastPollFailed
  const isRead = requested !== null && requested > 0
  const read = isRead ? texts.read(pages(requested, count)) : texts.noPageWasRead
  if (named !== null) return texts.named(pages(named, count), read)
  return texts.nothingHadChanged(read.charAt(0).toUpperCase(), read.slice(1))
}

/** What became of a page, for people. */
export const pageResults = {
  PUBLISHED: texts.published,
  UNCHANGED: texts.unchanged,
  REVOKED: texts.revoked,
  ABSENT: texts.notPublic,
  FAILED: texts.failed,
} as const

function pages(value: number, count: (value: number) => string): string {
  return `${count(value)} ${value === 1 ? texts.pageWas : texts.pagesWere}`
}
