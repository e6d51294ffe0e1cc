import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What {@link ChunkDisk} may take. */
export interface ChunkDiskOptions {
  readonly maxBytes: number
  /** Names of chunks that are not thrown away: those of the post that is seeded. */
  readonly pinned: ReadonlySet<string>
}

/**
 * Chunks in a folder, each named by its SHA-256 in hex. When it is full, those that were not used for the longest go.
 * What is read from it is as trustworthy as the disk: it is to be verified again.
 */
export class ChunkDisk {
  readonly #directory: string
  readonly #options: ChunkDiskOptions
  /** Sizes by name, the least recently used first. */
  readonly #sizes = new Map<string, number>()
  #stored = 0

  private constructor(directory: string, options: ChunkDiskOptions) {
    this.#directory = directory
    this.#options = options
  }

  static async open(directory: string, options: ChunkDiskOptions): Promise<ChunkDisk> {
    await mkdir(directory, { recursive: true })
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
    for (const { name, size } of files.toSorted((a, b) => a.used - b.used)) disk.#count(name, size)
    await disk.#makeRoom(0)
    return disk
  }

  /** undefined when it is not there. */
  async get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const size = this.#sizes.get(name)
    if (size === undefined) return undefined
    try {
      const path = join(this.#directory, name)
      const bytes = await readFile(path)
      this.#count(name, size)
      const now = new Date()
      await utimes(path, now, now)
      return new Uint8Array(bytes)
    } catch {
      this.#forget(name)
      return undefined
    }
  }

  /** Keeps it whole or not at all, whenever the process ends. */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    if (this.#sizes.has(name)) return
    this.#count(name, bytes.length)
    try {
      await this.#makeRoom(0)
      const partial = join(this.#directory, `${randomUUID()}.part`)
      await writeFile(partial, bytes)
      await rename(partial, join(this.#directory, name))
    } catch (error) {
      this.#forget(name)
      throw error
    }
  }

  async #makeRoom(wanted: number): Promise<void> {
    for (const name of this.#sizes.keys()) {
      if (this.#stored + wanted <= this.#options.maxBytes) return
      if (this.#options.pinned.has(name)) continue
      this.#forget(name)
      await rm(join(this.#directory, name), { force: true })
    }
  }

  /** Counts it as the most recently used. */
  #count(name: string, size: number): void {
    this.#forget(name)
    this.#sizes.set(name, size)
    this.#stored += size
  }

  #forget(name: string): void {
    this.#stored -= this.#sizes.get(name) ?? 0
    this.#sizes.delete(name)
  }
}
