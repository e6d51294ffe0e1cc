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
    return receivedAt === null ? 'No valid event has arrived yet.' : 'Events arrive and are valid.'
  }
  if (polledAt === null) return 'It has not been polled yet.'
  if (error !== null) return 'The last poll failed.'
  const isRead = requested !== null && requested > 0
  const read = isRead ? `${pages(requested, count)} read.` : 'no page was read again.'
  if (named !== null) return `${pages(named, count)} named, ${read}`
  return `Nothing had changed. ${read.charAt(0).toUpperCase()}${read.slice(1)}`
}

/** What became of a page, for people. */
export const pageResults = {
  PUBLISHED: 'Published',
  UNCHANGED: 'Unchanged',
  REVOKED: 'Revoked',
  ABSENT: 'Not public',
  FAILED: 'Failed',
} as const

function pages(value: number, count: (value: number) => string): string {
  return `${count(value)} ${value === 1 ? 'page was' : 'pages were'}`
}
