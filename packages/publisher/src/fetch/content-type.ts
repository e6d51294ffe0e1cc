/** The content of a `Content-Type` header. */
export interface ContentType {
  /** Media type in lower case without parameters; null if the header names none. */
  readonly type: string | null
  /** The `charset` parameter; null if there is none. */
  readonly charset: string | null
}

/**
 * Parses a `Content-Type` header as browsers do (Fetch standard, "extract a MIME type"). Of several values, joined by
 * commas, the last valid one counts. It inherits the charset of an earlier one with the same type.
 */
export function readContentType(header: string | null): ContentType {
  let type: string | null = null
  let charset: string | null = null
  for (const value of splitValues(header ?? '')) {
    const [essence = '', ...parameters] = value.split(';')
    const said = essence.trim().toLowerCase()
    if (!/^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(said) || said.length > 128) continue
    const own = charsetOf(parameters)
    charset = said === type ? (own ?? charset) : own
    type = said
  }
  return { type, charset }
}

/** Returns the media type of a `Content-Type` header in lower case without parameters, or null. */
export function parseMediaType(header: string | null): string | null {
  return readContentType(header).type
}

/** Splits at commas outside quoted strings. */
function splitValues(header: string): string[] {
  return header.match(/(?:[^",]|"(?:[^"\\]|\\.?)*(?:"|$))+/g) ?? []
}

function charsetOf(parameters: readonly string[]): string | null {
  for (const parameter of parameters) {
    const [, value] = /^charset="?([^"]+)"?$/i.exec(parameter.trim()) ?? []
    if (value !== undefined) return value.trim()
  }
  return null
}
