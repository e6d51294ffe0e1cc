import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ChunkStorage, type ChunkStorageOptions, RecentChunks } from '@peerpress/swarm'
import { SeedError } from './seed-error.ts'

/** Chunks in a folder, each in a file named by its SHA-256 in hex. A file's time of change tells when it was last used. */
export class ChunkDisk implements ChunkStorage {
  readonly #directory: string
  readonly #books: RecentChunks

  private constructor(directory: string, options: ChunkStorageOptions) {
    this.#directory = directory
    this.#books = new RecentChunks(options)
  }

  static async open(directory: string, options: ChunkStorageOptions): Promise<ChunkDisk> {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const disk = new ChunkDisk(directory, options)
    const files: { name: string; size: number; used: number }[] = []
    for (const name of await readdir(directory)) {
      // What a crash left half written.
      if (!/^[0-9a-f]{64}$/.test(name)) await rm(join(directory, name), { recursive: true, force: true })
      else {
        const { size, mtimeMs } = await stat(join(directory, name))
        files.push({ name, size, used: mtimeMs })
      }
    }
    for (const { name, size } of files.toSorted((a, b) => a.used - b.used)) disk.#books.use(name, size)
    await disk.#makeRoom()
    return disk
  }

  has(name: string): boolean {
    return this.#books.size(name) !== undefined
  }

  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const size = this.#books.size(name)
    if (size === undefined) return undefined
    try {
      const path = join(this.#directory, name)
      const bytes = await readFile(path)
      this.#books.use(name, size)
      // A folder that cannot be written to may well be read.
      await setUsed(path).catch(() => {})
      return new Uint8Array(bytes)
    } catch {
      this.#books.lose(name)
      return undefined
    }
  }

  /**
   * Whole or not at all, whenever the process ends.
   * @throws {SeedError} `disk` when the folder takes no more.
   */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    if (this.has(name)) return
    this.#books.use(name, bytes.length)
    await this.#makeRoom()
    if (!this.has(name)) return
    const partial = join(this.#directory, `${randomUUID()}.part`)
    try {
      await writeFile(partial, bytes)
      await setUsed(partial)
      await rename(partial, join(this.#directory, name))
    } catch (cause) {
      this.#books.delete(name)
      // What is there of it would take the room that the next one needs. An opening removes it, too.
      await rm(partial, { force: true }).catch(() => {})
      const [why] = (cause as Error).message.split(',')
      throw new SeedError(
        'disk',
        `${this.#directory} takes no more chunks (${why}). Readers are served with those that are there. ` +
          'Make room in that folder, or start the seed with another one; it tries again each minute.',
        { cause },
      )
    }
  }

  async delete(name: string): Promise<void> {
    this.#books.delete(name)
    await rm(join(this.#directory, name), { force: true })
  }

  async #makeRoom(): Promise<void> {
    for (const [name] of this.#books.surplus()) await rm(join(this.#directory, name), { force: true })
  }
}

/** Deletes the chunks in a folder that are not named. Nobody may have the folder open. */
export async function deleteOtherChunks(directory: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!names.has(name)) await rm(join(directory, name), { recursive: true, force: true })
  }
}

/** Finer than a file system's own clock, which may stand still for some ms. */
async function setUsed(path: string): Promise<void> {
  const seconds = (performance.timeOrigin + performance.now()) / 1000
  await utimes(path, seconds, seconds)
}
