import { randomBytes } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../collector-error.ts'
import { Drain, type DrainOptions } from './drain.ts'
import { recordLength } from './record.ts'
import { SegmentWriter, type SegmentWriterOptions } from './segment-writer.ts'

/** Name of a segment's file. */
export const segmentName = /^\d{15}-\d{8}-[0-9a-f]{16}\.log$/

export type WriteAheadLogOptions = Omit<DrainOptions, 'onGone'> &
  Pick<SegmentWriterOptions, 'createFile'> & {
    /** bytes. @default 8 MiB */
    readonly maxSegmentBytes?: number
    /** ms. @default 1000 */
    readonly maxSegmentAge?: number
    /**
     * Maximum of bytes that wait for the store. Further rows are refused. Segments that were set aside do not count.
     */
    readonly maxLogBytes: number
  }

/** A log of rows that the store does not have yet. They are on disk when `append` resolves. */
export interface WriteAheadLog {
  /**
   * Appends a row. Resolves when it is on disk.
   * @throws {CollectorError} `log-full`, `log-unavailable`, `closed`
   */
  append(row: Buffer): Promise<void>
  /** Whether there is room for a row with this many bytes. */
  hasRoomFor(bytes: number): boolean
  /** Seals the current segment. Resolves when the store has all rows so far, or `close` was called. */
  flush(): Promise<void>
  /** Returns the number of sealed segments that the store does not have yet. */
  backlog(): number
  /** Returns the bytes that the store does not have yet. */
  bytes(): number
  /** Writes the waiting rows and stops. Rows that the store does not have yet stay on disk. */
  close(): Promise<void>
}

/** Opens the log of an existing directory. Segments of an earlier process are inserted into the store first. */
export async function openWriteAheadLog(options: WriteAheadLogOptions): Promise<WriteAheadLog> {
  const { directory, maxLogBytes, createFile } = options
  const { maxSegmentBytes = 8 * 1024 * 1024, maxSegmentAge = 1000 } = options
  /** Bytes of sealed segments, of the current segment, and of rows that wait to be written. */
  let bytes = 0
  const drain = new Drain({
    ...options,
    onGone(_name, length) {
      bytes -= length
    },
  })
  const left = (await readdir(directory)).filter((name) => segmentName.test(name)).toSorted()
  // A file whose size cannot be read is set aside when it is its turn.
  const sizes = await Promise.all(
    left.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  for (const [index, name] of left.entries()) {
    const size = sizes[index] ?? 0
    bytes += size
    drain.add(name, size)
  }
  const writer = new SegmentWriter({
    directory,
    maxBytes: maxSegmentBytes,
    maxAge: maxSegmentAge,
    nextName: nameSequence(),
    onSealed: (name, length) => drain.add(name, length),
    ...(createFile === undefined ? {} : { createFile }),
  })
  const hasRoomFor = (length: number) => bytes + length <= maxLogBytes
  return {
    append(row) {
      const length = recordLength(row)
      if (!hasRoomFor(length))
        return Promise.reject(new CollectorError('log-full', 'too many beacons wait for the store'))
      bytes += length
      return writer.append(row).catch((error: unknown) => {
        bytes -= length
        throw error
      })
    },
    hasRoomFor,
    async flush() {
      await writer.seal()
      await drain.drained()
    },
    backlog: () => drain.backlog,
    bytes: () => bytes,
    async close() {
      await writer.close()
      await drain.stop()
    },
  }
}

/**
 * Returns names that sort by age. They are also the store's deduplication tokens, so none may repeat, even after the
 * clock was set back and all segments are deleted. The random part ensures that.
 */
function nameSequence(): () => string {
  const start = Date.now().toString().padStart(15, '0')
  const run = randomBytes(8).toString('hex')
  let count = 0
  return () => `${start}-${(count++).toString().padStart(8, '0')}-${run}.log`
}
