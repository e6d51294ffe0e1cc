import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { isTemporary } from '../temporary-error.ts'

const dayMs = 24 * 60 * 60 * 1000
const saltLength = 32
const saltName = /^\d{4}-\d\d-\d\d(\.new|\.unreadable)?$/

/**
 * A secret key for every UTC day, in a file that only its owner can read, so that a restart within the day changes
 * nothing. It is overwritten and deleted when the following day is over. After that nobody can compute its hashes
 * again.
 */
export class DaySalts {
  readonly #directory: string
  readonly #now: () => number
  readonly #onNotice: (notice: string, error: Error) => void
  /** By day since the Unix epoch. */
  readonly #known = new Map<number, KeyObject>()
  readonly #made = new Map<number, Promise<KeyObject>>()
  /** The day on which expired salts were deleted last. */
  #swept = -1
  /** The day whose salt was reported as unreadable. */
  #unreadable = -1

  private constructor(
    directory: string,
    now: () => number,
    onNotice: (notice: string, error: Error) => void,
  ) {
    this.#directory = directory
    this.#now = now
    this.#onNotice = onNotice
  }

  /**
   * Opens a directory, which is created if it is missing, and deletes expired salts. `now`: ms since the Unix epoch.
   * @param onNotice called with a notice for the operator. Must not throw
   */
  static async open(
    directory: string,
    now: () => number,
    onNotice: (notice: string, error: Error) => void = () => undefined,
  ): Promise<DaySalts> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const salts = new DaySalts(directory, now, onNotice)
    // The collector's upkeep tries again. Beacons are accepted meanwhile.
    await salts.sweep().catch((error: Error) => onNotice(undeletedSalt, error))
    return salts
  }

  /**
   * Returns the salt of the day of a moment, at once if it is in memory. null if the salt has expired, or the day has
   * not begun. Rejects if the salt cannot be read or written.
   */
  of(moment: number): KeyObject | null | Promise<KeyObject> {
    const today = dayOf(this.#now())
    const day = dayOf(moment)
    if (day !== today && day !== today - 1) return null
    return this.#known.get(day) ?? this.#make(day)
  }

  /** Deletes the salts of days before yesterday. Rejects if one cannot be deleted. */
  async sweep(): Promise<void> {
    const today = dayOf(this.#now())
    if (this.#swept === today) return
    const yesterday = today - 1
    for (const day of this.#known.keys()) if (day < yesterday) this.#known.delete(day)
    let failure: unknown
    for (const name of await readdir(this.#directory)) {
      if (!saltName.test(name) || name.slice(0, 10) >= nameOf(yesterday)) continue
      // A salt that cannot be deleted must not stop the deletion of others.
      await shred(join(this.#directory, name)).catch((error: unknown) => (failure = error))
    }
    if (failure !== undefined) throw failure
    this.#swept = today
  }

  /** Concurrent calls for the same day get the same salt. */
  #make(day: number): Promise<KeyObject> {
    const pending = this.#made.get(day) ?? this.#readOrWrite(day).finally(() => this.#made.delete(day))
    this.#made.set(day, pending)
    return pending
  }

  async #readOrWrite(day: number): Promise<KeyObject> {
    const path = join(this.#directory, nameOf(day))
    const stored = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      this.#reportUnreadable(day, path, error)
      throw error
    })
    const salt = createSecretKey(stored?.length === saltLength ? stored : await writeNew(path))
    this.#known.set(day, salt)
    return salt
  }

  /**
   * Reports once per day that its salt cannot be read. The salt stays: with a new one, each reader of the day would
   * count as a second visitor. Until it can be read again, views are recorded without a visitor.
   */
  #reportUnreadable(day: number, path: string, error: NodeJS.ErrnoException): void {
    if (isTemporary(error) || this.#unreadable === day) return
    this.#unreadable = day
    this.#onNotice(
      `the day's salt ${path} cannot be read: views are counted without a visitor until it can. Repair the file or its permissions, or delete it to start a new salt`,
      error,
    )
  }
}

/** Notice for the operator when an expired salt could not be deleted. */
export const undeletedSalt = 'an expired salt could not be deleted'

/** Writes a new salt: completely or not at all, even if the machine stops meanwhile. */
async function writeNew(path: string): Promise<Buffer> {
  const salt = randomBytes(saltLength)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.write(salt)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  return salt
}

/** Overwrites a file, then deletes it: deleting alone leaves the blocks on disk. */
async function shred(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.write(Buffer.alloc(saltLength), 0, saltLength, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await unlink(path)
}

function dayOf(moment: number): number {
  return Math.floor(moment / dayMs)
}

function nameOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
