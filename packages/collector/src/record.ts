import { crc32 } from 'node:zlib'

/** Bytes before a record's payload: its length and its CRC-32, both unsigned 32-bit little-endian. */
const headLength = 8

/** The longest payload that is believed; a longer length is damage. */
const maxPayload = 1024 * 1024

/** A payload as it stands in a segment. */
export function encodeRecord(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(headLength + payload.length)
  record.writeUInt32LE(payload.length, 0)
  record.writeUInt32LE(crc32(payload), 4)
  payload.copy(record, headLength)
  return record
}

/** What a segment holds. */
export interface SegmentContent {
  /** Every complete record's payload before the first that is not, views of the segment's bytes. */
  readonly payloads: readonly Buffer[]
  /** Bytes up to the end of the last complete record. */
  readonly length: number
  /**
   * `whole`: nothing follows. `torn`: what follows is the unfinished end that a crash leaves; it was never acknowledged.
   * `damaged`: what follows is long enough to have been complete once.
   */
  readonly end: 'whole' | 'torn' | 'damaged'
}

/** Reads a segment up to its last complete record. Damaged bytes are an answer, never an exception. */
export function decodeSegment(bytes: Buffer): SegmentContent {
  const payloads: Buffer[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (bytes.length - offset < headLength) return { payloads, length: offset, end: 'torn' }
    const length = bytes.readUInt32LE(offset)
    const start = offset + headLength
    if (length === 0 || length > maxPayload) {
      // A file system may extend a file with zeros before it writes the data.
      const isZeros = bytes.subarray(offset).every((byte) => byte === 0)
      return { payloads, length: offset, end: isZeros ? 'torn' : 'damaged' }
    }
    if (start + length > bytes.length) return { payloads, length: offset, end: 'torn' }
    const payload = bytes.subarray(start, start + length)
    if (crc32(payload) !== bytes.readUInt32LE(offset + 4)) {
      const isLast = start + length === bytes.length
      return { payloads, length: offset, end: isLast ? 'torn' : 'damaged' }
    }
    payloads.push(payload)
    offset = start + length
  }
  return { payloads, length: offset, end: 'whole' }
}
