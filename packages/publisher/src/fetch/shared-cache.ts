import type { LeftOutReason } from '../assets/left-out.ts'

/**
 * Why a shared cache must not store an answer or may give it to some readers alone (RFC 9111 sections 3 and 4.1); null
 * when it may.
 */
export function privateReason(header: (name: string) => string | null): LeftOutReason | null {
  const [, directive] =
    /(?:^|[,;])\s*(no-store|private)\s*(?:[=,;]|$)/i.exec(header('cache-control') ?? '') ?? []
  if (directive !== undefined) return directive.toLowerCase() === 'private' ? 'private' : 'no-store'
  if (header('set-cookie') !== null) return 'set-cookie'
  return fieldsIn(header('vary')).every((name) => isSameForReaders.has(name)) ? null : 'vary'
}

/** The publisher gets the decoded bytes, and its answer to the page's own origin: they are the same for all readers. */
const isSameForReaders = new Set([
  'accept-encoding',
  'origin',
  'access-control-request-headers',
  'access-control-request-method',
])

function fieldsIn(header: string | null): string[] {
  return (header ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
