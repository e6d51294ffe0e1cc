/** What is read of an answer; a `Response` is one. */
export interface OriginAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/** Value of a `Range` header for bytes `start`..`end`, both included (RFC 9110 section 14.2). */
export function rangeHeader(start: number, end: number): string {
  return `bytes=${start}-${end}`
}

/**
 * Where in the asset the body of an origin's answer begins, bytes: 0 for a whole answer, also when a Range was
 * asked for and ignored. null for any other answer, and for one that is about a resource of another size.
 */
export function bodyStart(response: OriginAnswer, size: number): number | null {
  if (response.status === 200) return 0
  if (response.status !== 206) return null
  const match = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '')
  if (!match || (match[2] !== '*' && Number(match[2]) !== size)) return null
  return Number(match[1])
}
