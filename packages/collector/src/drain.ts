import { readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import timers from 'node:timers/promises'
import { StoreError } from '@peerpress/store'
import { decodeSegment } from './record.ts'

/** Why a segment was not deleted: parts of it can't be read, or the store can't read its rows. */
export type SetAside = 'damaged' | 'refused'

export interface DrainOptions {
  readonly directory: string
  /** Takes the rows of one segment, NDJSON, under a token that is the same each time the segment is tried. */
  readonly insert: (rows: Buffer, token: string) => Promise<void>
  /** Called for a segment that is kept beside the log, under its name and the reason, for people to look at. */
  readonly onSetAside: (name: string, reason: SetAside) => void
  /** Called each time a segment could not be brought; it is tried again. */
  readonly onFailure: (error: unknown) => void
  /** Longest pause between two tries, ms. @default 30_000 */
  readonly maxPause?: number
}

const firstPause = 250

/**
 * Brings sealed segments to the store, oldest first, one at a time, so that memory holds one segment and its rows
 * however far behind the store is. A segment is deleted only after the store has it.
 */
export class Drain {
  readonly #options: DrainOptions
  readonly #left: SealedSegment[] = []
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** Takes over a sealed segment. */
  add(name: string): void {
    this.#left.push({ name, gone: Promise.withResolvers() })
    // Begun in a later turn, so that its end can't come before it is known here.
    this.#running ??= Promise.resolve().then(() => this.#run())
  }

  /** Segments that are still to be brought. */
  get backlog(): number {
    return this.#left.length
  }

  /** Resolves when everything added so far is in the store or set aside, or `stop` was called. */
  async drained(): Promise<void> {
    await this.#left.at(-1)?.gone.promise
  }

  /** Ends after the insert in hand; what is left stays on disk for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#stop.signal.aborted) {
      const next = this.#left[0]
      if (next === undefined) break
      try {
        await this.#bring(next.name)
        this.#left.shift()
        next.gone.resolve()
        failures = 0
      } catch (error) {
        this.#options.onFailure(error)
        failures++
        await this.#pauseAfter(failures)
      }
    }
    this.#running = undefined
    if (this.#stop.signal.aborted) for (const { gone } of this.#left) gone.resolve()
  }

  async #bring(name: string): Promise<void> {
    const path = join(this.#options.directory, name)
    const { payloads, condition } = decodeSegment(await readFile(path))
    const isTaken = payloads.length === 0 || (await this.#insert(asNdjson(payloads), name))
    if (isTaken && condition !== 'damaged') {
      await unlink(path)
      return
    }
    const reason = isTaken ? 'damaged' : 'refused'
    await rename(path, `${path}.${reason}`)
    this.#options.onSetAside(name, reason)
  }

  /** False when the store will never take these rows: waiting for it would keep all later segments waiting, too. */
  async #insert(rows: Buffer, name: string): Promise<boolean> {
    try {
      await this.#options.insert(rows, name)
      return true
    } catch (error) {
      if (error instanceof StoreError && error.code === 'bad-rows') return false
      throw error
    }
  }

  async #pauseAfter(failures: number): Promise<void> {
    const { maxPause = 30_000 } = this.#options
    const longest = Math.min(maxPause, firstPause * 2 ** (failures - 1))
    // Half of it at random, so that several collectors do not knock together at a store that comes back.
    const ms = longest * (0.5 + Math.random() / 2)
    await timers.setTimeout(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}

interface SealedSegment {
  readonly name: string
  readonly gone: PromiseWithResolvers<void>
}

function asNdjson(payloads: readonly Buffer[]): Buffer {
  const newline = Buffer.from('\n')
  return Buffer.concat(payloads.flatMap((payload) => [payload, newline]))
}
