import { readFile, stat } from 'node:fs/promises'
import { type Response, Reader } from 'mmdb-lib'

/** Maximum of decoded records in memory: those of a city file name each place in many languages. */
const maxDecoded = 10_000

/** Addresses that can be looked up in every intact file: both versions, both ends. */
const probes = ['0.0.0.0', '8.8.8.8', '255.255.255.255', '::', '2001:67c:2e8::1', 'ffff::']

/** A file in MaxMind's format that may be replaced while it is in use. */
export class MmdbFile<Entry extends object> {
  readonly path: string
  #reader: Reader<Response & Entry>
  /** Identifies the state of the file that was read. */
  #seen: string

  private constructor(path: string, reader: Reader<Response & Entry>, seen: string) {
    this.path = path
    this.#reader = reader
    this.#seen = seen
  }

  /** Opens a file. Rejects if it is missing or has another format. */
  static async open<Entry extends object>(path: string): Promise<MmdbFile<Entry>> {
    const seen = await stateOf(path)
    return new MmdbFile<Entry>(path, await read(path), seen)
  }

  /** Returns the entry of an address; null if there is none, or the file is damaged there. */
  get(address: string): Entry | null {
    try {
      return this.#reader.get(address)
    } catch {
      return null
    }
  }

  /**
   * Reads the file again if it has changed, and resolves to whether it has. Rejects once for each state of the file
   * that cannot be read; the previous content stays in use.
   */
  async refresh(): Promise<boolean> {
    const seen = await stateOf(this.path).catch(() => 'gone')
    if (seen === this.#seen) return false
    this.#seen = seen
    this.#reader = await read(this.path)
    return true
  }
}

async function read<Entry extends object>(path: string): Promise<Reader<Response & Entry>> {
  const reader = new Reader<Response & Entry>(await readFile(path), { cache: boundedCache() })
  for (const probe of probes) reader.get(probe)
  return reader
}

async function stateOf(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path)
  return `${ino} ${size} ${mtimeMs}`
}

function boundedCache() {
  const decoded = new Map<string | number, unknown>()
  return {
    get: (offset: string | number) => decoded.get(offset),
    set(offset: string | number, value: unknown) {
      if (decoded.size >= maxDecoded) decoded.clear()
      decoded.set(offset, value)
    },
  }
}
