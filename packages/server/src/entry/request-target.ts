/**
 * Returns the path and query of a request's target (RFC 9112 section 3.2), in origin form or absolute form. Returns null for
 * any other target, and for a path that some parsers read as a host: one that begins with two slashes or has a backslash.
 */
export function pathAndQuery(target: string): string | null {
  const path = target.startsWith('/') ? target : withoutOrigin(target)
  return path === null || /^\/[/\\]/.test(path) || path.includes('\\') ? null : path
}

function withoutOrigin(target: string): string | null {
  const [origin] = /^https?:\/\/[^/?#\s]+/i.exec(target) ?? []
  if (origin === undefined || !URL.canParse(origin)) return null
  const rest = target.slice(origin.length)
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Whether a `Host` header names a host (RFC 9112 section 3.2). An absent or empty header is valid. */
export function isHost(header: string | undefined): boolean {
  return !header || (/^(?:(?![/?#@\\])[\x21-\x7e])+$/.test(header) && URL.canParse(`http://${header}`))
}
