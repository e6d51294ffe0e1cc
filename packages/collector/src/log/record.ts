import { crc32 } from 'node:zlib'

/**
 * Bytes before a record's payload, each field unsigned 32-bit little-endian: the payload's length, its CRC-32, and the
 * CRC-32 of those two. The last makes a length believable: without it a flipped bit in a length would look like the
 * unfinished end of a segment, and everything after it like nothing.
 */
const headLength = 12

/** Bytes that a payload takes in a segment. */
export function recordLength(payload: Buffer): number {
  return headLength + payload.length
}

/** A payload as it stands in a segment. */
export function encodeRecord(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(headLength + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(crc32(payload), 4)
  record.writeUInt32LE(crc32(record.subarray(0, 8)), 8)
  payload.copy(record, headLength)
  return record
}

/** What a segment holds. */
export interface SegmentContent {
  /** The payloads of all intact records that can be found, in order; views of the segment's bytes. */
  readonly payloads: readonly Buffer[]
  /**
   * `whole`: nothing else is in it.
   * `torn`: it ends before its last record does, or in zeros, as a crash leaves it; that record was never acknowledged.
   * `damaged`: bytes that may once have been acknowledged are not what was written.
   */
  readonly condition: 'whole' | 'torn' | 'damaged'
}

/**
 * Reads a segment. A record whose payload is damaged is left out; what follows a damaged head can't be found. Damaged
 * bytes are an answer, never an exception.
 */
export function decodeSegment(bytes: Buffer): SegmentContent {
  const payloads: Buffer[] = []
  let condition: SegmentContent['condition'] = 'whole'
  let offset = 0
  while (offset < bytes.length) {
    const start = offset + headLength
    if (start > bytes.length) return { payloads, condition: worse(condition, 'torn') }
    if (crc32(bytes.subarray(offset, offset + 8)) !== bytes.readUInt32LE(offset + 8)) {
      return { payloads, condition: worse(condition, isZeros(bytes.subarray(offset)) ? 'torn' : 'damaged') }
    }
    const end = start + bytes.readUInt32LE(offset)
    if (end > bytes.length) return { payloads, condition: worse(condition, 'torn') }
    const payload = bytes.subarray(start, end)
    if (crc32(payload) === bytes.readUInt32LE(offset + 4)) payloads.push(payload)
    else condition = 'damaged'
    offset = end
  }
  return { payloads, condition }
}

function worse(
  before: SegmentContent['condition'],
  found: SegmentContent['condition'],
): SegmentContent['condition'] {
  return before === 'damaged' ? before : found
}

/** A file system may extend a file with zeros before it writes the data. */
function isZeros(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}
