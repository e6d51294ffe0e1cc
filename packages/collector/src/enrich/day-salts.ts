import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyedHash } from './keyed-hash.ts'
import { isPassing } from '../intake/unreadable.ts'

const dayMs = 24 * 60 * 60 * 1000
const saltLength = 32
const saltName = /^\d{4}-\d\d-\d\d(\.new|\.unreadable)?$/

/**
 * A secret for every UTC day, on disk for its owner alone, so that a restart within the day changes nothing. When the day
 * after its own is over it is overwritten and deleted, and with it what was made of it can't be made again by anybody.
 */
export class DaySalts {
  readonly #directory: string
  readonly #now: () => number
  readonly #onNotice: (notice: string, error: Error) => void
  /** By day since the Unix epoch. */
  readonly #known = new Map<number, KeyedHash>()
  readonly #made = new Map<number, Promise<KeyedHash>>()
  /** The day for which the expired are gone. */
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
   * Takes a directory, made when it isn't there, and deletes what is over. `now`: ms since the Unix epoch.
   * @param onNotice called with what an operator should know. Must not throw
   */
  static async open(
    directory: string,
    now: () => number,
    onNotice: (notice: string, error: Error) => void = () => undefined,
  ): Promise<DaySalts> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const salts = new DaySalts(directory, now, onNotice)
    // The upkeep tries again; a salt that stays is no reason to take no beacons.
    await salts.sweep().catch((error: Error) => onNotice(undeletedSalt, error))
    return salts
  }

  /** The hash under the salt of the day that a moment lies in: at once where it is known; null where it is over, or not there yet. */
  of(moment: number): KeyedHash | null | Promise<KeyedHash> {
    const today = dayOf(this.#now())
    const day = dayOf(moment)
    if (day !== today && day !== today - 1) return null
    return this.#known.get(day) ?? this.#make(day)
  }

  /** Deletes the salts of days before yesterday; rejects when that fails. */
  async sweep(): Promise<void> {
    const today = dayOf(this.#now())
    if (this.#swept === today) return
    const yesterday = today - 1
    for (const day of this.#known.keys()) if (day < yesterday) this.#known.delete(day)
    let failure: unknown
    for (const name of await readdir(this.#directory)) {
      if (!saltName.test(name) || name.slice(0, 10) >= nameOf(yesterday)) continue
      // One that cannot be deleted keeps no other.
      await shred(join(this.#directory, name)).catch((error: unknown) => (failure = error))
    }
    if (failure !== undefined) throw failure
    this.#swept = today
  }

  /** Those who ask for the same day at the same time get the same salt. */
  #make(day: number): Promise<KeyedHash> {
    const pending = this.#made.get(day) ?? this.#readOrWrite(day).finally(() => this.#made.delete(day))
    this.#made.set(day, pending)
    return pending
  }

  async #readOrWrite(day: number): Promise<KeyedHash> {
    const path = join(this.#directory, nameOf(day))
    const kept = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      this.#reportUnreadable(day, path, error)
      throw error
    })
    const salt = new KeyedHash(kept?.length === saltLength ? kept : await writeNew(path))
    this.#known.set(day, salt)
    return salt
  }

  /**
   * Reports once per day that its salt cannot be read. The salt stays: with a new one, each reader of the day would count
   * as a second visitor. Until it can be read again, views are recorded without a visitor.
   */
  #reportUnreadable(day: number, path: string, error: NodeJS.ErrnoException): void {
    if (isPassing(error) || this.#unreadable === day) return
    this.#unreadable = day
    this.#onNotice(
      `the day's salt ${path} cannot be read: views are counted without a visitor until it can. Repair the file or its permissions, or delete it to start a new salt`,
      error,
    )
  }
}

/** What an operator hears when a salt that is over stays. */
export const undeletedSalt = 'a salt that is over could not be deleted'

/** Whole or not at all, whenever the machine stops. */
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

/** Overwrites before it deletes: the blocks of a deleted file stay as they are. */
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
