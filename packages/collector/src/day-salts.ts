import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyedHash } from './keyed-hash.ts'

const dayMs = 24 * 60 * 60 * 1000
const saltLength = 32
const saltName = /^\d{4}-\d\d-\d\d(\.new)?$/

/**
 * A secret for every UTC day, on disk for its owner alone, so that a restart within the day changes nothing. When the day
 * after its own is over it is overwritten and deleted, and with it what was made of it can't be made again by anybody.
 */
export class DaySalts {
  readonly #directory: string
  readonly #now: () => number
  /** By day since the Unix epoch. */
  readonly #known = new Map<number, KeyedHash>()
  readonly #made = new Map<number, Promise<KeyedHash>>()
  /** The day for which the expired are gone. */
  #swept = -1

  private constructor(directory: string, now: () => number) {
    this.#directory = directory
    this.#now = now
  }

  /** Takes a directory, made when it isn't there, and deletes what is over. `now`: ms since the Unix epoch. */
  static async open(directory: string, now: () => number): Promise<DaySalts> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const salts = new DaySalts(directory, now)
    await salts.sweep()
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
    for (const name of await readdir(this.#directory)) {
      if (saltName.test(name) && name.slice(0, 10) < nameOf(yesterday))
        await shred(join(this.#directory, name))
    }
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
    const kept = await readFile(path).catch(() => null)
    const salt = new KeyedHash(kept?.length === saltLength ? kept : await writeNew(path))
    this.#known.set(day, salt)
    return salt
  }
}

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
