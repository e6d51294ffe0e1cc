/** The parts of a response that are read. A `Response` satisfies it. */
export interface OriginAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** Returns the value of a `Range` header for bytes `start`..`end`, both included (RFC 9110 section 14.2). */
export function rangeHeader(start: number, end: number): string {
  return `bytes=${start}-${end}`
}

/**
 * Returns the offset in the asset at which the response's body starts, bytes. It is 0 for a whole response, also if the
 * server ignored a Range. It is null for any other status and for a resource of another size.
 */
export function bodyStart(response: OriginAnswer, size: number): number | null {
  if (response.status === 200) return 0
  if (response.status !== 206) return null
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '')
  if (!match || (match[2] !== '*' && Number(match[2]) !== size)) return null
  return Number(match[1])
}
