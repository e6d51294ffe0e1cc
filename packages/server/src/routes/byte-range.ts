/** A stretch of bytes, both ends included. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Ranges of one request that are read; a request for more gets the whole. */
const maxRanges = 32

/**
 * The stretch that a Range header (RFC 9110 section 14.1.2) asks for, of a body of `size` bytes. Several that overlap or
 * touch are one. null: the header is to be ignored, because it is invalid, of another unit, or asks for several stretches,
 * which a server may answer with the whole. `unsatisfiable`: none of the bytes are there.
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

/** The one stretch that the ranges make together; null when they leave gaps. */
function joined(ranges: readonly ByteRange[]): ByteRange | null {
  const [first, ...others] = ranges.toSorted((a, b) => a.start - b.start)
  let whole = first ?? null
  for (const { start, end } of others) {
    if (whole === null || start > whole.end + 1) return null
    whole = { start: whole.start, end: Math.max(whole.end, end) }
  }
  return whole
}
