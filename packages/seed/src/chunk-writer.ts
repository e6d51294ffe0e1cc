import type { ChunkStorage } from '@peerpress/swarm'
import type { Guard } from './guard.ts'

/** Bytes that may wait for the disk before whoever can wait does: the requests to origin and mirrors. */
const enough = 16 * 1024 * 1024
/** Bytes that wait at most; what peers send beyond is not stored, and is asked for again later. */
const most = 32 * 1024 * 1024
/** ms between two attempts to write to a disk that takes nothing. */
const retryInterval = 60_000

/** What a {@link ChunkWriter} reports. */
export interface ChunkWriterOptions {
  readonly guard: Guard
  /** A chunk is on the disk. */
  readonly onStored: () => void
  /** The disk takes no more; reported once until it does again. */
  readonly onStuck: (problem: Error) => void
  /** ms @default 60_000 */
  readonly retryInterval?: number
}

interface Waiting {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly onLost: () => void
}

/**
 * Chunks on their way to the disk, in bounded memory. When a write fails, nothing more is taken but the one chunk that
 * failed, which is tried again and again: once it is on the disk, so may others be.
 */
export class ChunkWriter {
  readonly #disk: ChunkStorage
  readonly #options: ChunkWriterOptions
  readonly #waiting = new Map<string, Waiting>()
  readonly #listeners = new Set<() => void>()
  #bytes = 0
  /** The chunk that could not be written. */
  #stuckWith: string | undefined
  #isClosed = false
  #retry: NodeJS.Timeout | undefined

  constructor(disk: ChunkStorage, options: ChunkWriterOptions) {
    this.#disk = disk
    this.#options = options
  }

  /** Whether the disk takes nothing at the moment. */
  get isStuck(): boolean {
    return this.#stuckWith !== undefined
  }

  /** Bytes of chunks that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** A chunk that is not on the disk yet. */
  get(name: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#waiting.get(name)?.bytes
  }

  /** Takes a chunk, unless there is no room for it: then it returns false. `onLost`: it was taken and cannot be stored. */
  put(name: string, bytes: Uint8Array<ArrayBuffer>, onLost: () => void): boolean {
    if (this.#waiting.has(name)) return true
    if (this.#disk.has(name)) {
      this.#options.onStored()
      return true
    }
    if (this.#isClosed || this.isStuck || this.#bytes + bytes.length > most) return false
    this.#waiting.set(name, { bytes, onLost })
    this.#bytes += bytes.length
    this.#write(name, bytes)
    return true
  }

  /** Resolves when more may wait; also when the disk is stuck, or nothing is written any more. */
  async room(): Promise<void> {
    await this.#until(() => this.isStuck || this.#bytes < enough)
  }

  /** Resolves when every chunk that was taken is on the disk or lost; but for the one that the disk is stuck with. */
  async settled(): Promise<void> {
    await this.#until(() => this.#waiting.size <= (this.isStuck ? 1 : 0))
  }

  /** Resolves when the disk takes chunks. */
  async unstuck(): Promise<void> {
    await this.#until(() => !this.isStuck)
  }

  /** Tries no more. Whoever waits is let go. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#retry)
    this.#changed()
  }

  #write(name: string, bytes: Uint8Array<ArrayBuffer>): void {
    const { guard } = this.#options
    const written = this.#disk.put(name, bytes).then(
      () => this.#stored(name),
      (problem: Error) => this.#failed(name, problem),
    )
    guard.settle(written.finally(() => this.#changed()))
  }

  #stored(name: string): void {
    if (this.#stuckWith === name) this.#stuckWith = undefined
    this.#take(name)
    this.#options.onStored()
  }

  #failed(name: string, problem: Error): void {
    if (this.isStuck && this.#stuckWith !== name) {
      this.#take(name)?.onLost()
      return
    }
    const isNew = !this.isStuck
    this.#stuckWith = name
    const { guard, onStuck, retryInterval: interval = retryInterval } = this.#options
    const bytes = this.get(name)
    if (bytes && !this.#isClosed) {
      const retry = guard.callback(() => this.#write(name, bytes))
      this.#retry = setTimeout(retry, interval).unref()
    }
    if (isNew) onStuck(problem)
  }

  #take(name: string): Waiting | undefined {
    const waiting = this.#waiting.get(name)
    if (this.#waiting.delete(name)) this.#bytes -= waiting?.bytes.length ?? 0
    return waiting
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!this.#isClosed && !holds()) {
      await new Promise<void>((resolve) => {
        const heard = (): void => {
          this.#listeners.delete(heard)
          resolve()
        }
        this.#listeners.add(heard)
      })
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}
