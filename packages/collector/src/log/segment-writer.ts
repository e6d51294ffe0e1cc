import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { CollectorError } from '../collector-error.ts'
import { encodeRecord } from './record.ts'

/** The operations on files that the writer uses. */
export type SegmentFile = Pick<FileHandle, 'write' | 'datasync' | 'truncate' | 'close'>

export interface SegmentWriterOptions {
  readonly directory: string
  /** A segment is sealed when it has reached this many bytes (its last record may exceed them), */
  readonly maxBytes: number
  /** or when it is this old, ms. */
  readonly maxAge: number
  /** Returns the name of the next segment: unused, and sorted after all earlier names. */
  readonly nextName: () => string
  /** Called once for each segment when it is complete, with the bytes that were acknowledged. */
  readonly onSealed: (name: string, length: number) => void
  /** Creates the file of a segment. @default an exclusive `open` */
  readonly createFile?: (path: string) => Promise<SegmentFile>
  /** Makes the names in the directory durable. @default its `fsync` */
  readonly syncDirectory?: (directory: string) => Promise<void>
}

/**
 * Appends records to segments, with group commit: records that wait during an `fdatasync` share the next one. So the
 * disk's rate of syncs limits the delay, not the throughput.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions
  /** Pending operations in their order. */
  readonly #pending: (Append | Seal)[] = []
  #active: ActiveSegment | undefined
  #isRunning = false
  #isClosed = false

  constructor(options: SegmentWriterOptions) {
    this.#options = options
  }

  /**
   * Appends a payload. Resolves when it is on disk.
   * @throws {CollectorError} `log-unavailable` if it could not be written, `closed`
   */
  append(payload: Buffer): Promise<void> {
    if (this.#isClosed) return Promise.reject(new CollectorError('closed', 'the collector is closed'))
    return new Promise((resolve, reject) => {
      this.#pending.push({ record: encodeRecord(payload), resolve, reject })
      this.#wake()
    })
  }

  /** Seals the segment of the payloads that were appended before, if there is one. */
  seal(): Promise<void> {
    return new Promise((sealed) => this.#queueSeal(sealed))
  }

  /** Writes the waiting payloads, seals the segment, and refuses further payloads. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.seal()
  }

  #queueSeal(sealed: () => void): void {
    this.#pending.push({ sealed })
    this.#wake()
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#run().catch((cause: unknown) => this.#giveUp(cause))
  }

  /** Ends all pending operations after an unexpected error of the writer. Later operations are tried again. */
  #giveUp(cause: unknown): void {
    this.#isRunning = false
    const error = new CollectorError('log-unavailable', 'the write-ahead log cannot be written', { cause })
    for (const pending of this.#pending.splice(0)) {
      if ('sealed' in pending) pending.sealed()
      else pending.reject(error)
    }
  }

  async #run(): Promise<void> {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      if ('sealed' in next) {
        this.#pending.shift()
        await this.#sealActive().finally(next.sealed)
      } else {
        await this.#commit(this.#takeGroup())
        if ((this.#active?.length ?? 0) >= this.#options.maxBytes) await this.#sealActive()
      }
    }
    // Set in the same turn as the last check of the queue, so that no operation is queued in between and forgotten.
    this.#isRunning = false
  }

  /** Takes the records to write together: up to the next seal and the end of the segment, but at least one. */
  #takeGroup(): Append[] {
    let room = this.#options.maxBytes - (this.#active?.length ?? 0)
    const group: Append[] = []
    for (const next of this.#pending) {
      if ('sealed' in next || room <= 0) break
      group.push(next)
      room -= next.record.length
    }
    this.#pending.splice(0, group.length)
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
    const sealTimer = setTimeout(() => this.#queueSeal(() => undefined), maxAge)
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
    // Acknowledged records are synced, so a failing close loses nothing.
    await active.file.close().catch(() => undefined)
    try {
      this.#options.onSealed(active.name, active.length)
    } catch {
      // An error of the listener must not stop the writer. The segment is found at the next start.
    }
  }

  /**
   * Ends a segment after a failed write or sync. The file's tail is then in an unknown state, and so is the kernel's
   * cache of it: a later fsync may succeed without the lost pages. Acknowledged records stay, and the next record gets
   * a new file.
   */
  async #abandonActive(): Promise<void> {
    const active = this.#active
    if (active === undefined) return
    // If this fails too, the store may get rows that were not acknowledged. If they are sent again, they count once.
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

/** The segment that records are appended to. */
interface ActiveSegment {
  readonly name: string
  readonly file: SegmentFile
  readonly sealTimer: NodeJS.Timeout
  /** bytes up to the end of the last acknowledged record. */
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
