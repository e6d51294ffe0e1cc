import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { Drain, type DrainOptions } from './drain.ts'
import { SegmentWriter, type SegmentWriterOptions } from './segment-writer.ts'

const segmentName = /^\d{15}-\d{8}-[0-9a-f]{16}\.log$/

export type WriteAheadLogOptions = DrainOptions &
  Pick<SegmentWriterOptions, 'createFile'> & {
    /** bytes. @default 8 MiB */
    readonly maxSegmentBytes?: number
    /** ms. @default 1000 */
    readonly maxSegmentAge?: number
  }

/** Rows on their way to the store: safe on disk from the moment that `append` resolves. */
export interface WriteAheadLog {
  /**
   * Resolves when the row is on disk.
   * @throws {CollectorError} `log-unavailable`, `closed`.
   */
  append(row: Buffer): Promise<void>
  /** Seals what is written and waits until the store has it, or `close` was called. */
  flush(): Promise<void>
  /** Sealed segments that the store does not have yet. */
  backlog(): number
  /** Writes what waits and stops. What the store does not have yet stays on disk. */
  close(): Promise<void>
}

/** Opens the log of a directory that exists; segments of an earlier process go to the store first. */
export async function openWriteAheadLog(options: WriteAheadLogOptions): Promise<WriteAheadLog> {
  const { directory, maxSegmentBytes = 8 * 1024 * 1024, maxSegmentAge = 1000, createFile } = options
  const drain = new Drain(options)
  const left = (await readdir(directory)).filter((name) => segmentName.test(name)).toSorted()
  for (const name of left) drain.add(name)
  const writer = new SegmentWriter({
    directory,
    maxBytes: maxSegmentBytes,
    maxAge: maxSegmentAge,
    nextName: nameSequence(),
    onSealed: (name) => drain.add(name),
    ...(createFile === undefined ? {} : { createFile }),
  })
  return {
    append: (row) => writer.append(row),
    async flush() {
      await writer.seal()
      await drain.drained()
    },
    backlog: () => drain.backlog,
    async close() {
      await writer.close()
      await drain.stop()
    },
  }
}

/**
 * Names sort by age. They are the store's deduplication tokens too, so none may come twice, not even after a clock was
 * set back and all segments are gone: hence the random part.
 */
function nameSequence(): () => string {
  const start = Date.now().toString().padStart(15, '0')
  const run = randomBytes(8).toString('hex')
  let count = 0
  return () => `${start}-${(count++).toString().padStart(8, '0')}-${run}.log`
}
