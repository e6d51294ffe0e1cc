/** A connector as the graph returns it. Times are RFC 3339. */
export interface ConnectorRow {
  readonly connectorId: string
  readonly kind: string
  readonly url: string | null
  readonly path: string | null
  readonly everyMinutes: number | null
  readonly polledAt: string | null
  readonly receivedAt: string | null
  readonly dueAt: string | null
  readonly error: string | null
  readonly failures: number
  readonly named: number | null
  readonly requested: number | null
  readonly problems: readonly string[]
}

/** Returns the connectors of a site and how their last use ended, each in a few lines. */
export function connectorLines(connectors: readonly ConnectorRow[]): string {
  if (connectors.length === 0) return 'no connectors; "./peerpress connector add" adds one\n'
  return connectors.map(linesOf).join('')
}

function linesOf(row: ConnectorRow): string {
  const problems = row.error === null ? row.problems : []
  const lines = [
    `${row.connectorId}  ${row.kind.toLowerCase().padEnd(7)}  ${row.url ?? row.path}`,
    ...[stateOf(row), ...problems].map((text) => `    ${text}`),
  ]
  return `${lines.map(printable).join('\n')}\n`
}

function stateOf(row: ConnectorRow): string {
  if (row.kind === 'WEBHOOK') {
    return row.receivedAt === null ? 'no event yet' : `last event ${row.receivedAt}`
  }
  const next = `next poll ${row.dueAt}`
  if (row.error !== null) {
    const times = row.failures === 1 ? 'failed once' : `failed ${row.failures} times`
    return `${times}, last ${row.polledAt}: ${row.error.replace(/\.$/, '')}; ${next}`
  }
  if (row.polledAt === null) return `not polled yet, ${next}`
  const named =
    row.named === null ? 'nothing changed' : `${row.named} ${row.named === 1 ? 'page' : 'pages'} named`
  return `polled ${row.polledAt}: ${named}, ${row.requested ?? 0} read, ${next}`
}

/** Texts of a site must not control the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}
