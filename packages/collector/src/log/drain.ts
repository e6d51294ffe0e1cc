import { readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import timers from 'node:timers/promises'
import { StoreError } from '@peerpress/store'
import { decodeSegment, type SegmentContent } from './record.ts'
import { dissolveGroup, formGroup, leftGroups, type SegmentGroup } from './segment-group.ts'
import { isPassing } from '../intake/unreadable.ts'

/** Why a segment was not deleted: parts of it, or all of it, can't be read, or the store can't read its rows. */
export type SetAside = 'damaged' | 'unreadable' | 'refused'

export interface DrainOptions {
  readonly directory: string
  /** Takes the rows of some segments, NDJSON, under a token that is the same each time these rows are tried. */
  readonly insert: (rows: Buffer, token: string) => Promise<void>
  /** Called for a segment, or a note of a group, that is kept beside the log, under its name and the reason, for people to look at. */
  readonly onSetAside: (name: string, reason: SetAside) => void
  /** Called for each segment that is no longer in the log, with its bytes. @default nothing */
  readonly onGone?: (name: string, bytes: number) => void
  /** Called each time segments could not be brought; they are tried again. */
  readonly onFailure: (error: unknown) => void
  /** Longest pause between two tries, ms. @default 30_000 */
  readonly maxPause?: number
  /** bytes of segments that go together; a larger one goes alone. @default 8 MiB */
  readonly maxGroupBytes?: number
}

const firstPause = 250

const defaultGroupBytes = 8 * 1024 * 1024

/** Segments that go together at most: each is a file to read. */
const maxGroupSegments = 500

/**
 * Groups on their way at most: while the store writes one, it reads the next. A second one only when it is full, because
 * a statement costs the store about the same whatever it holds.
 */
const groupsAtOnce = 2

/**
 * Brings sealed segments to the store, oldest first, as many at a time as wait and are small. Memory holds two groups and
 * their rows however far behind the store is. A segment is deleted only after the store has it.
 */
export class Drain {
  readonly #options: DrainOptions
  readonly #left: SealedSegment[] = []
  /** Of what is left, the segments that are in no group yet. */
  readonly #single: SealedSegment[] = []
  /** Groups that go before these; undefined before those of an earlier run were looked for. */
  #next: SegmentGroup[] | undefined
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  constructor(options: DrainOptions) {
    this.#options = options
  }

  /** Takes over a sealed segment. Those of an earlier run come first, all in one turn. */
  add(name: string, bytes = 0): void {
    const segment = { name, bytes, gone: Promise.withResolvers<void>() }
    this.#left.push(segment)
    this.#single.push(segment)
    // Begun in a later turn, so that its end can't come before it is known here.
    this.#running ??= Promise.resolve().then(() => this.#run())
  }

  /** Segments that are still to be brought. */
  get backlog(): number {
    return this.#left.length
  }

  /** Resolves when everything added so far is in the store or set aside, or `stop` was called. */
  async drained(): Promise<void> {
    await Promise.all(this.#left.map(({ gone }) => gone.promise))
  }

  /** Ends after the inserts in hand; what is left stays on disk for the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const onTheWay: { readonly group: SegmentGroup; readonly brought: Promise<void> }[] = []
    let failures = 0
    while (onTheWay.length > 0 || this.#goesOn) {
      try {
        while (this.#goesOn && this.#hasRoom(onTheWay.length, failures)) {
          const group = await this.#nextGroup()
          const read = this.#read(group)
          const brought = read.then((segments) =>
            segments === null ? this.#takeApart(group) : this.#bring(group, segments),
          )
          // Looked at when its turn comes.
          brought.catch(() => undefined)
          onTheWay.push({ group, brought })
          // The next one's insert is not to overtake this one's.
          await read
        }
        await onTheWay[0]?.brought
        onTheWay.shift()
        failures = 0
      } catch (error) {
        // What is on its way beside it ends first. Each that failed comes again as it was.
        const ends = await Promise.allSettled(onTheWay.map(({ brought }) => brought))
        const failed = onTheWay.splice(0).filter((_, i) => ends[i]?.status === 'rejected')
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

  #hasRoom(onTheWay: number, failures: number): boolean {
    if (onTheWay === 0) return true
    if (onTheWay === groupsAtOnce || failures > 0) return false
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

  /** Null when one of several cannot be read. */
  async #read({ names }: SegmentGroup): Promise<ReadSegment[] | null> {
    const segments: ReadSegment[] = []
    for (const name of names) {
      const path = join(this.#options.directory, name)
      const content = await readFile(path).then(decodeSegment, unreadContent)
      // Of an earlier run's group that the store has, some may be deleted already.
      if (content === null) continue
      if (content.condition === 'unreadable' && names.length > 1) return null
      segments.push({ name, ...content })
    }
    return segments
  }

  /** Has each segment of a group go by itself, so that the one at fault holds up no other. */
  async #takeApart(group: SegmentGroup): Promise<void> {
    // The note goes first: a group of which some are gone is one that the store has.
    await dissolveGroup(this.#options.directory, group)
    this.#next?.unshift(...group.names.map((name) => ({ names: [name], token: name })))
  }

  async #bring(group: SegmentGroup, segments: readonly ReadSegment[]): Promise<void> {
    const isWhole = segments.length === group.names.length
    const isTaken = !isWhole || (await this.#insert(segments, group.token))
    if (!isTaken && group.names.length > 1) {
      // What the store takes of it is not to wait for what it refuses.
      await this.#takeApart(group)
      return
    }
    for (const segment of segments) await this.#end(segment, isTaken ? undefined : 'refused')
    await dissolveGroup(this.#options.directory, group)
    for (const name of group.names) this.#forget(name)
  }

  /** Deletes a segment, or sets it aside. */
  async #end({ name, condition }: ReadSegment, refused?: 'refused'): Promise<void> {
    const path = join(this.#options.directory, name)
    const reason = refused ?? (condition === 'damaged' || condition === 'unreadable' ? condition : undefined)
    if (reason === undefined) await unlink(path)
    else {
      // What can neither be read nor moved stays where it is, and is found again at the next start.
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

  /** A listener's own fault must not end the draining. */
  #report(tell: () => void): void {
    try {
      tell()
    } catch {
      // There is nobody else to tell.
    }
  }

  /** False when the store will never take these rows: waiting for it would keep all later segments waiting, too. */
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
    // Half of it at random, so that several collectors do not knock together at a store that comes back.
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

/** What is to be made of a segment that could not be read; null when it is gone. Throws what may pass. */
function unreadContent(error: unknown): Omit<ReadSegment, 'name'> | null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  if (isPassing(error)) throw error
  return { payloads: [], condition: 'unreadable' }
}

function asNdjson(payloads: readonly Buffer[]): Buffer {
  const newline = Buffer.from('\n')
  return Buffer.concat(payloads.flatMap((payload) => [payload, newline]))
}
