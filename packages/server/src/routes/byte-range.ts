/** A range of bytes, both ends included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** The maximum number of ranges. A request with more gets the whole body. */
const maxRanges = 32

/**
 * Parses a Range header (RFC 9110 section 14.1.2) for a body of `size` bytes. Ranges that overlap or touch are merged. Returns
 * null if the header must be ignored: it is invalid, has another unit, or names separate ranges, for which a server may send
 * the whole body. Returns `unsatisfiable` if the body has none of the bytes.
 */
export function parseByteRange(header: string, size: number): ByteRange | 'unsatisfiable' | null {
  const [, set] = /^bytes=(.*)$/i.exec(header.trim()) ?? []
  if (set === undefined) return null
  const specs = set.split(',', maxRanges + 1).map((spec) => spec.trim())
  if (specs.length > maxRanges) return null
  const ranges: ByteRange[] = []
  for (const spec of specs) {
    if (spec === '') continue
    const range = parseSpec(spec, size)
    if (range === null) return null
    if (range !== 'unsatisfiable') ranges.push(range)
  }
  if (ranges.length === 0) return specs.every((spec) => spec === '') ? null : 'unsatisfiable'
  return joined(ranges)
}

function parseSpec(spec: string, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const [start, end] = [Number(first), last === '' ? Infinity : Number(last)]
  if (end < start) return null
  return start >= size ? 'unsatisfiable' : { start, end: Math.min(end, size - 1) }
}

/** Merges the ranges into one; null if there are gaps between them. */
function joined(ranges: readonly ByteRange[]): ByteRange | null {
  const [first, ...others] = ranges.toSorted((a, b) => a.start - b.start)
  let whole = first ?? null
  for (const { start, end } of others) {
    if (whole === null || start > whole.end + 1) return null
    whole = { start: whole.start, end: Math.max(whole.end, end) }
  }
  return whole
}
