import type { LeftOutReason } from '../assets/left-out.ts'

/**
 * Returns the reason why a shared cache must not store a response or may reuse it for some readers only (RFC 9111
 * sections 3 and 4.1); null if there is none.
 */
export function privateReason(header: (name: string) => string | null): LeftOutReason | null {
  const [, directive] =
    /(?:^|[,;])\s*(no-store|private)\s*(?:[=,;]|$)/i.exec(header('cache-control') ?? '') ?? []
  if (directive !== undefined) return directive.toLowerCase() === 'private' ? 'private' : 'no-store'
  if (header('set-cookie') !== null) return 'set-cookie'
  return fieldsIn(header('vary')).every((name) => isSameForReaders.has(name)) ? null : 'vary'
}

/**
 * Request headers that make no difference between readers. The publisher gets decoded bytes, and the response for the
 * page's own origin.
 */
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
