import { readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import timers from 'node:timers/promises'
import { StoreError } from '@peerpress/store'
import { decodeSegment, type SegmentContent } from './record.ts'
import { dissolveGroup, formGroup, leftGroups, type SegmentGroup } from './segment-group.ts'
import { isTemporary } from '../temporary-error.ts'

/** Why a segment was set aside: it cannot be read in part or completely, or the store cannot read its rows. */
export type SetAside = 'damaged' | 'unreadable' | 'refused'

export interface DrainOptions {
  readonly directory: string
  /** Inserts the rows of some segments, NDJSON. The token is the same at each attempt for these rows. */
  readonly insert: (rows: Buffer, token: string) => Promise<void>
  /** Called for a segment, or a group's note, that was set aside: it has been renamed for people to examine. */
  readonly onSetAside: (name: string, reason: SetAside) => void
  /** Called for each segment that has left the log, with its bytes. @default nothing */
  readonly onGone?: (name: string, bytes: number) => void
  /** Called each time segments could not be inserted. They are tried again. */
  readonly onFailure: (error: unknown) => void
  /** Maximum pause between two attempts, ms. @default 30_000 */
  readonly maxPause?: number
  /** Maximum of bytes of segments that are inserted together; a larger segment is inserted alone. @default 8 MiB */
  readonly maxGroupBytes?: number
}

const firstPause = 250

const defaultGroupBytes = 8 * 1024 * 1024

/** Maximum of segments in a group: each is a file to read. */
const maxGroupSegments = 500

/**
 * Maximum of groups in flight: while the store writes one, it reads the next. The second one must be full, because a
 * statement costs the store about the same for any number of rows.
 */
const groupsAtOnce = 2

/**
 * Inserts sealed segments into the store, oldest first. Small segments are grouped. Memory is bounded by two groups and
 * their rows, however far behind the store is. A segment is deleted only after the store has it.
 */
export class Drain {
  readonly #options: DrainOptions
  readonly #left: SealedSegment[] = []
  /** Those of `#left` that are in no group yet. */
  readonly #single: SealedSegment[] = []
  /** Groups that are inserted before these; undefined until groups of an earlier run were read. */
  #next: SegmentGroup[] | undefined
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** Adds a sealed segment. Segments of an earlier run are added first, all in one turn. */
  add(name: string, bytes = 0): void {
    const segment = { name, bytes, gone: Promise.withResolvers<void>() }
    this.#left.push(segment)
    this.#single.push(segment)
    // Starts in a later turn, so that it cannot end before the assignment.
    this.#running ??= Promise.resolve().then(() => this.#run())
  }

  /** Number of segments that are not inserted yet. */
  get backlog(): number {
    return this.#left.length
  }

  /** Resolves when all segments added so far are in the store or set aside, or `stop` was called. */
  async drained(): Promise<void> {
    await Promise.all(this.#left.map(({ gone }) => gone.promise))
  }

  /** Stops after the inserts in flight. The remaining segments stay on disk for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const inFlight: { readonly group: SegmentGroup; readonly inserted: Promise<void> }[] = []
    let failures = 0
    while (inFlight.length > 0 || this.#goesOn) {
      try {
        while (this.#goesOn && this.#hasRoom(inFlight.length, failures)) {
          const group = await this.#nextGroup()
          const read = this.#read(group)
          const inserted = read.then((segments) =>
            segments === null ? this.#split(group) : this.#insertGroup(group, segments),
          )
          // Handled when the group is the first in flight.
          inserted.catch(() => undefined)
          inFlight.push({ group, inserted })
          // The next group's insert must not overtake this one's.
          await read
        }
        await inFlight[0]?.inserted
        inFlight.shift()
        failures = 0
      } catch (error) {
        // The other group in flight ends first. Each failed group is tried again unchanged.
        const ends = await Promise.allSettled(inFlight.map(({ inserted }) => inserted))
        const failed = inFlight.splice(0).filter((_, i) => ends[i]?.status === 'rejected')
        this.#next?.unshift(...failed.map(({ group }) => group))
        this.#report(() => this.#options.onFailure(error))
        failures++
        await this.#pauseAfter(failures)
      }
    }
    this.#running = undefined
    if (this.#stop.signal.aborted) for (const { gone } of this.#left) gone.resolve()
  }

  get #goesOn(): boolean {
    const waiting = this.#single.length + (this.#next?.length ?? 0)
    return waiting > 0 && !this.#stop.signal.aborted
  }

  #hasRoom(inFlight: number, failures: number): boolean {
    if (inFlight === 0) return true
    if (inFlight === groupsAtOnce || failures > 0) return false
    const { maxGroupBytes = defaultGroupBytes } = this.#options
    const bytes = this.#single.reduce((sum, segment) => sum + segment.bytes, 0)
    return bytes >= maxGroupBytes || this.#single.length >= maxGroupSegments
  }

  async #nextGroup(): Promise<SegmentGroup> {
    const { directory, maxGroupBytes = defaultGroupBytes } = this.#options
    if (this.#next === undefined) {
      const left = await leftGroups(directory)
      this.#next = [...left.groups]
      for (const { name, reason } of left.setAside) this.#report(() => this.#options.onSetAside(name, reason))
      const grouped = new Set(this.#next.flatMap(({ names }) => names))
      const single = this.#single.splice(0)
      this.#single.push(...single.filter(({ name }) => !grouped.has(name)))
    }
    const next = this.#next.shift()
    if (next !== undefined) return next
    const [first, ...others] = this.#single as [SealedSegment, ...SealedSegment[]]
    const names: [string, ...string[]] = [first.name]
    let room = maxGroupBytes - first.bytes
    for (const { name, bytes } of others) {
      room -= bytes
      if (room < 0 || names.length === maxGroupSegments) break
      names.push(name)
    }
    const group = await formGroup(directory, names)
    this.#single.splice(0, names.length)
    return group
  }

  /** Reads a group's segments; null if one of several cannot be read. */
  async #read({ names }: SegmentGroup): Promise<ReadSegment[] | null> {
    const segments: ReadSegment[] = []
    for (const name of names) {
      const path = join(this.#options.directory, name)
      const content = await readFile(path).then(decodeSegment, unreadContent)
      // If the store has a group of an earlier run, some of its segments may be deleted already.
      if (content === null) continue
      if (content.condition === 'unreadable' && names.length > 1) return null
      segments.push({ name, ...content })
    }
    return segments
  }

  /** Splits a group into its segments, so that a bad segment does not delay the others. */
  async #split(group: SegmentGroup): Promise<void> {
    // The note is deleted first: a group with missing segments counts as inserted.
    await dissolveGroup(this.#options.directory, group)
    this.#next?.unshift(...group.names.map((name) => ({ names: [name], token: name })))
  }

  async #insertGroup(group: SegmentGroup, segments: readonly ReadSegment[]): Promise<void> {
    const isWhole = segments.length === group.names.length
    const isInserted = !isWhole || (await this.#insert(segments, group.token))
    if (!isInserted && group.names.length > 1) {
      // Segments that the store accepts must not wait for those that it refuses.
      await this.#split(group)
      return
    }
    for (const segment of segments) await this.#end(segment, isInserted ? undefined : 'refused')
    await dissolveGroup(this.#options.directory, group)
    for (const name of group.names) this.#forget(name)
  }

  /** Deletes a segment, or sets it aside. */
  async #end({ name, condition }: ReadSegment, refused?: 'refused'): Promise<void> {
    const path = join(this.#options.directory, name)
    const reason = refused ?? (condition === 'damaged' || condition === 'unreadable' ? condition : undefined)
    if (reason === undefined) await unlink(path)
    else {
      // A segment that can be neither read nor renamed stays, and is found again at the next start.
      const moved = rename(path, `${path}.${reason}`)
      await (reason === 'unreadable' ? moved.catch(() => undefined) : moved)
      this.#report(() => this.#options.onSetAside(name, reason))
    }
  }

  #forget(name: string): void {
    const index = this.#left.findIndex((segment) => segment.name === name)
    const [ended] = index < 0 ? [] : this.#left.splice(index, 1)
    if (ended === undefined) return
    ended.gone.resolve()
    this.#report(() => this.#options.onGone?.(name, ended.bytes))
  }

  /** Calls a listener. Its errors are ignored, so that draining continues. */
  #report(callListener: () => void): void {
    try {
      callListener()
    } catch {
      // There is no further listener for it.
    }
  }

  /** Inserts rows; false if the store will never accept them. Trying again would then block all later segments. */
  async #insert(segments: readonly ReadSegment[], token: string): Promise<boolean> {
    const rows = asNdjson(segments.flatMap(({ payloads }) => payloads))
    if (rows.length === 0) return true
    try {
      await this.#options.insert(rows, token)
      return true
    } catch (error) {
      if (error instanceof StoreError && error.code === 'bad-rows') return false
      throw error
    }
  }

  async #pauseAfter(failures: number): Promise<void> {
    const { maxPause = 30_000 } = this.#options
    const longest = Math.min(maxPause, firstPause * 2 ** (failures - 1))
    // Half of the pause is random, so that several collectors do not reconnect together to a store that is available
    // again.
    const ms = longest * (0.5 + Math.random() / 2)
    await timers.setTimeout(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined)
  }
}

interface SealedSegment {
  readonly name: string
  readonly bytes: number
  readonly gone: PromiseWithResolvers<void>
}

interface ReadSegment extends Omit<SegmentContent, 'condition'> {
  readonly name: string
  readonly condition: SegmentContent['condition'] | 'unreadable'
}

/**
 * Returns the content of a segment that could not be read; null if it is missing. Rethrows errors that may be
 * temporary.
 */
function unreadContent(error: unknown): Omit<ReadSegment, 'name'> | null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  if (isTemporary(error)) throw error
  return { payloads: [], condition: 'unreadable' }
}

function asNdjson(payloads: readonly Buffer[]): Buffer {
  const newline = Buffer.from('\n')
  return Buffer.concat(payloads.flatMap((payload) => [payload, newline]))
}
