import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../collector-error.ts'
import { encodeRecord } from './record.ts'

/** What the writer needs of a file. */
export type SegmentFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>

export interface SegmentWriterOptions {
  readonly directory: string
  /** A segment is sealed when it has grown to this many bytes (its last record may go beyond), */
  readonly maxBytes: number
  /** or this many ms after it was begun. */
  readonly maxAge: number
  /** Gives every segment a name that sorts after the ones before and was never used. */
  readonly nextName: () => string
  /** Called once for each segment when nothing more will be written to it, with its bytes that were acknowledged. */
  readonly onSealed: (name: string, length: number) => void
  /** Creates the file of a segment. @default an exclusive `open` */
  readonly createFile?: (path: string) => Promise<SegmentFile>
  /** Makes the names in the directory durable. @default its `fsync` */
  readonly syncDirectory?: (directory: string) => Promise<void>
}

/**
 * Appends records to segments. Group commit: all that wait while one `fdatasync` is under way share the next one, so
 * the disk's rate of syncs bounds the delay and not the throughput.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions
  /** In the order they were asked for. */
  readonly #asked: (Append | Seal)[] = []
  #active: ActiveSegment | undefined
  #isRunning = false
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
      this.#asked.push({ record: encodeRecord(payload), resolve, reject })
      this.#wake()
    })
  }

  /** Ends the segment that all payloads appended before are in, if there is one. */
  seal(): Promise<void> {
    return new Promise((sealed) => this.#askSeal(sealed))
  }

  /** Writes what waits, seals, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.seal()
  }

  #askSeal(sealed: () => void): void {
    this.#asked.push({ sealed })
    this.#wake()
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#run().catch((cause: unknown) => this.#giveUp(cause))
  }

  /** Ends all that waits when the writer itself is at fault; what is asked for later is tried anew. */
  #giveUp(cause: unknown): void {
    this.#isRunning = false
    const error = new CollectorError('log-unavailable', 'the write-ahead log cannot be written', { cause })
    for (const asked of this.#asked.splice(0)) {
      if ('sealed' in asked) asked.sealed()
      else asked.reject(error)
    }
  }

  async #run(): Promise<void> {
    for (let next = this.#asked[0]; next !== undefined; next = this.#asked[0]) {
      if ('sealed' in next) {
        this.#asked.shift()
        await this.#sealActive().finally(next.sealed)
      } else {
        await this.#commit(this.#takeGroup())
        if ((this.#active?.length ?? 0) >= this.#options.maxBytes) await this.#sealActive()
      }
    }
    // In the same turn as the last look at the queue: nothing can be asked for in between and then be forgotten.
    this.#isRunning = false
  }

  /** What may be written in one go: up to the next seal, and up to the end of the segment, but one record at least. */
  #takeGroup(): Append[] {
    let room = this.#options.maxBytes - (this.#active?.length ?? 0)
    const group: Append[] = []
    for (const next of this.#asked) {
      if ('sealed' in next || room <= 0) break
      group.push(next)
      room -= next.record.length
    }
    this.#asked.splice(0, group.length)
    return group
  }

  async #commit(group: readonly Append[]): Promise<void> {
    try {
      const active = this.#active ?? (await this.#begin())
      const bytes = Buffer.concat(group.map(({ record }) => record))
      await writeFully(active, bytes)
      await active.file.datasync()
      active.length += bytes.length
    } catch (cause) {
      const error = new CollectorError('log-unavailable', 'the write-ahead log cannot be written', { cause })
      await this.#abandonActive().finally(() => {
        for (const { reject } of group) reject(error)
      })
      return
    }
    for (const { resolve } of group) resolve()
  }

  async #begin(): Promise<ActiveSegment> {
    const { directory, nextName, maxAge, createFile = createExclusive, syncDirectory = fsync } = this.#options
    const name = nextName()
    const file = await createFile(join(directory, name))
    const sealTimer = setTimeout(() => this.#askSeal(() => undefined), maxAge)
    this.#active = { name, file, sealTimer, length: 0 }
    // A new file's name is durable only when its directory is synced.
    await syncDirectory(directory)
    return this.#active
  }

  async #sealActive(): Promise<void> {
    const active = this.#active
    if (active === undefined) return
    this.#active = undefined
    clearTimeout(active.sealTimer)
    // What was acknowledged is synced, so that a failing close loses nothing.
    await active.file.close().catch(() => undefined)
    try {
      this.#options.onSealed(active.name, active.length)
    } catch {
      // A listener's own fault must not end the writing; its segment is found at the next start.
    }
  }

  /**
   * After a failed write or sync the file's tail is in an unknown state, and so is the kernel's cache of it (a later
   * fsync may succeed without the lost pages): what was acknowledged is kept, and the next record gets a new file.
   */
  async #abandonActive(): Promise<void> {
    const active = this.#active
    if (active === undefined) return
    // When this fails too, the store may get rows that were not acknowledged; sent again they count once.
    await active.file.truncate(active.length).catch(() => undefined)
    await this.#sealActive()
  }
}

interface Append {
  readonly record: Buffer
  readonly resolve: () => void
  readonly reject: (error: CollectorError) => void
}

interface Seal {
  readonly sealed: () => void
}

/** The file that is appended to. */
interface ActiveSegment {
  readonly name: string
  readonly file: SegmentFile
  readonly sealTimer: NodeJS.Timeout
  /** Bytes up to the end of the last acknowledged record. */
  length: number
}

async function writeFully({ file, length }: ActiveSegment, bytes: Buffer): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, length + written)
    written += bytesWritten
  }
}

function createExclusive(path: string): Promise<SegmentFile> {
  return open(path, 'wx', 0o600)
}

async function fsync(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
