import { readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { decodeSegment } from './record.ts'

export interface DrainOptions {
  readonly directory: string
  /** Takes the rows of one segment, NDJSON, under a token that is the same each time the segment is tried. */
  readonly insert: (rows: Buffer, token: string) => Promise<void>
  /** Called for a segment whose end is damaged; it is kept beside the log under its name and `.damaged`. */
  readonly onDamaged: (name: string) => void
  /** Called each time the store refused a segment. */
  readonly onFailure: (error: unknown) => void
  /** Longest pause between two tries, ms. @default 30_000 */
  readonly maxPause?: number
}

/**
 * Brings sealed segments to the store, oldest first, one at a time, so that memory holds one segment however far behind
 * the store is. A segment is deleted only after the store has it.
 */
export class Drain {
  readonly #options: DrainOptions
  readonly #names: string[] = []
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** Takes over a sealed segment. */
  add(name: string): void {
    this.#names.push(name)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Segments that the store does not have yet. */
  get backlog(): number {
    return this.#names.length
  }

  /** Resolves when the store has everything, or `stop` was called. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Ends after the insert in hand; what is left stays on disk for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.idle()
  }

  async #run(): Promise<void> {
    let failures = 0
    while (this.#names.length > 0 && !this.#stop.signal.aborted) {
      try {
        await this.#bring(this.#names[0] as string)
        this.#names.shift()
        failures = 0
      } catch (error) {
        this.#options.onFailure(error)
        failures++
        await this.#pauseAfter(failures)
      }
    }
  }

  async #bring(name: string): Promise<void> {
    const { directory, insert, onDamaged } = this.#options
    const path = join(directory, name)
    const { payloads, end } = decodeSegment(await readFile(path))
    if (payloads.length > 0) await insert(asNdjson(payloads), name)
    if (end === 'damaged') {
      await rename(path, `${path}.damaged`)
      onDamaged(name)
    } else {
      await unlink(path)
    }
  }

  async #pauseAfter(failures: number): Promise<void> {
    const { maxPause = 30_000 } = this.#options
    const longest = Math.min(maxPause, 250 * 2 ** (failures - 1))
    // Half of it at random, so that several collectors do not knock together at a store that comes back.
    await pause(longest * (0.5 + Math.random() / 2), undefined, { signal: this.#stop.signal }).catch(
      () => undefined,
    )
  }
}

function asNdjson(payloads: readonly Buffer[]): Buffer {
  const newline = Buffer.from('\n')
  return Buffer.concat(payloads.flatMap((payload) => [payload, newline]))
}
