import { crc32 } from 'node:zlib'

/**
 * Length of a record's head, bytes. Its fields are unsigned 32-bit little-endian: the payload's length, the payload's
 * CRC-32, and the CRC-32 of those two. Without the last one, a flipped bit in a length would look like the unfinished
 * end of a segment, and all following records would be lost.
 */
const headLength = 12

/** Returns the bytes that a payload takes in a segment. */
export function recordLength(payload: Buffer): number {
  return headLength + payload.length
}

/** Encodes a payload as a record of a segment. */
export function encodeRecord(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(headLength + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(crc32(payload), 4)
  record.writeUInt32LE(crc32(record.subarray(0, 8)), 8)
  payload.copy(record, headLength)
  return record
}

/** The decoded content of a segment. */
export interface SegmentContent {
  /** The payloads of all intact records that were found, in order. They share the segment's memory. */
  readonly payloads: readonly Buffer[]
  /**
   * `whole`: it contains nothing else.
   * `torn`: it ends within its last record, or in zeros, as after a crash; that record was never acknowledged.
   * `damaged`: bytes that may have been acknowledged have changed.
   */
  readonly condition: 'whole' | 'torn' | 'damaged'
}

/**
 * Decodes a segment. A record with a damaged payload is skipped. Records after a damaged head cannot be found. Never
 * throws.
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

/** Whether all bytes are 0. A file system may extend a file with zeros before it writes the data. */
function isZeros(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}
