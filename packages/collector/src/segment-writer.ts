import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from './collector-error.ts'
import { encodeRecord } from './record.ts'

interface Waiting {
  readonly record: Buffer
  readonly resolve: () => void
  readonly reject: (error: CollectorError) => void
}

/** What the writer needs of a file. */
export type SegmentFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>

/** The file a writer appends to. */
interface ActiveSegment {
  readonly name: string
  readonly file: SegmentFile
  /** Bytes up to the end of the last acknowledged record. */
  length: number
}

export interface SegmentWriterOptions {
  readonly directory: string
  /** A segment is sealed when it has grown to this many bytes, */
  readonly maxBytes: number
  /** or this many ms after its first record. */
  readonly maxAge: number
  /** Gives every segment a name that sorts after the ones before and was never used. */
  readonly nextName: () => string
  /** Called once for each segment when nothing more will be written to it. */
  readonly onSealed: (name: string) => void
  /** Creates the file of a segment. @default an exclusive `open` */
  readonly createFile?: (path: string) => Promise<SegmentFile>
}

/**
 * Appends records to segments. Group commit: all that wait while one `fdatasync` is under way share the next one, so
 * the disk's rate of syncs bounds the delay and not the throughput.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions
  #waiting: Waiting[] = []
  #active: ActiveSegment | undefined
  #running: Promise<void> | undefined
  #sealTimer: NodeJS.Timeout | undefined
  #sealIsDue = false
  #isClosed = false

  constructor(options: SegmentWriterOptions) {
    this.#options = options
  }

  /**
   * Resolves when the payload is on disk.
   * @throws {CollectorError} `log-unavailable` when it could not be written, `closed`.
   */
  append(payload: Buffer): Promise<void> {
    if (this.#isClosed) return Promise.reject(new CollectorError('closed', 'the collector is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record: encodeRecord(payload), resolve, reject })
      this.#wake()
    })
  }

  /** Ends the segment that is being written to, if there is one. */
  async seal(): Promise<void> {
    this.#sealIsDue = true
    this.#wake()
    await this.#running
  }

  /** Writes what waits, seals, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.seal()
  }

  #wake(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0 || this.#sealIsDue) {
      if (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0))
      if (this.#sealIsDue || (this.#active?.length ?? 0) >= this.#options.maxBytes) await this.#sealActive()
    }
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    try {
      const active = (this.#active ??= await this.#create())
      const bytes = Buffer.concat(group.map(({ record }) => record))
      await writeFully(active, bytes)
      await active.file.datasync()
      active.length += bytes.length
    } catch (cause) {
      await this.#abandonActive()
      const error = new CollectorError('log-unavailable', 'the write-ahead log cannot be written', { cause })
      for (const { reject } of group) reject(error)
      return
    }
    for (const { resolve } of group) resolve()
  }

  async #create(): Promise<ActiveSegment> {
    const { directory, nextName, maxAge, createFile = createExclusive } = this.#options
    const name = nextName()
    const file = await createFile(join(directory, name))
    await syncDirectory(directory)
    this.#sealTimer = setTimeout(() => void this.seal(), maxAge)
    return { name, file, length: 0 }
  }

  async #sealActive(): Promise<void> {
    this.#sealIsDue = false
    clearTimeout(this.#sealTimer)
    const active = this.#active
    if (active === undefined) return
    this.#active = undefined
    await active.file.close().catch(() => undefined)
    this.#options.onSealed(active.name)
  }

  /**
   * After a failed write or sync the file's tail is in an unknown state, and so is the kernel's cache of it (a later
   * fsync may succeed without the lost pages): what was acknowledged is kept, and the next record gets a new file.
   */
  async #abandonActive(): Promise<void> {
    const active = this.#active
    if (active === undefined) return
    await active.file.truncate(active.length).catch(() => undefined)
    await this.#sealActive()
  }
}

async function writeFully(active: ActiveSegment, bytes: Buffer): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await active.file.write(
      bytes,
      written,
      bytes.length - written,
      active.length + written,
    )
    written += bytesWritten
  }
}

function createExclusive(path: string): Promise<SegmentFile> {
  return open(path, 'wx', 0o600)
}

/** A new file's name is durable only when its directory is synced. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
