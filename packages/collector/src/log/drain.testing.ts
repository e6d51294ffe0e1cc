import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'node:test'
import { StoreError } from '@peerpress/store'
import { Drain, type DrainOptions } from './drain.ts'
import { encodeRecord } from './record.ts'

/** The error of an unavailable store. */
export const down = new StoreError('unavailable', 'down')

/** A folder of segments, and the reports of its drains; new for each test. */
export interface DrainedFolder {
  readonly directory: string
  /** Segments that were set aside, with the reason. */
  readonly setAside: readonly string[]
  readonly failures: unknown[]
  /** Creates a drain of the folder, which inserts segments one by one unless the options differ. */
  readonly drainTo: (insert: DrainOptions['insert'], options?: Partial<DrainOptions>) => Drain
  /** Writes a segment of some rows and a tail. */
  readonly put: (name: string, rows: readonly string[], tail?: Buffer) => Promise<void>
}

/** Registers hooks of the calling suite that create and remove the folder. */
export function drainedFolder(): DrainedFolder {
  let directory = ''
  let setAside: string[] = []
  let failures: unknown[] = []
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drain-'))
    setAside = []
    failures = []
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))
  return {
    get directory() {
      return directory
    },
    get setAside() {
      return setAside
    },
    get failures() {
      return failures
    },
    drainTo: (insert, options = {}) =>
      new Drain({
        directory,
        insert,
        onSetAside: (name, reason) => setAside.push(`${name} ${reason}`),
        onFailure: (error) => failures.push(error),
        maxGroupBytes: 1,
        ...options,
      }),
    put: (name, rows, tail = Buffer.alloc(0)) =>
      writeFile(
        join(directory, name),
        Buffer.concat([...rows.map((row) => encodeRecord(Buffer.from(row))), tail]),
      ),
  }
}
