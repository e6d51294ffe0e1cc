/** The meaning of a request's `Range` header for a resource. */
export type AskedRange =
  | { readonly kind: 'whole' }
  /** Bytes `start`..`end`, both included. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  /** The range cannot be satisfied: the answer is 416. */
  | { readonly kind: 'unsatisfiable' }
  /** Several ranges, another unit or a malformed header: the origin answers. */
  | { readonly kind: 'unsupported' }

/** Reads a `Range` header (RFC 9110 section 14.1.2) for a resource of `size` bytes. */
export function readRange(header: string | null, size: number): AskedRange {
  if (header === null) return { kind: 'whole' }
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!match) return { kind: 'unsupported' }
  const [, from, to] = match
  if (!from && !to) return { kind: 'unsupported' }
  if (!from) {
    const length = Math.min(Number(to), size)
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start: size - length, end: size - 1 }
  }
  const start = Number(from)
  const end = to ? Math.min(Number(to), size - 1) : size - 1
  if (to && Number(to) < start) return { kind: 'unsupported' }
  return start >= size ? { kind: 'unsatisfiable' } : { kind: 'part', start, end }
}
