import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

/** A response body that was read, hashed and compressed once for all requests. */
export interface EncodedBody {
  readonly plain: Buffer
  /** null while other bodies are being compressed. */
  readonly gzip: Buffer | null
  /** A weak entity tag, the same for both encodings. */
  readonly etag: string
}

/** How a body is found, or made. */
export interface BodySource {
  /** Names the body. */
  readonly key: string
  /** The body is read anew when this changes. */
  readonly version: number | string
  /** Reads the body; null when there is none. */
  readonly load: () => Promise<Buffer | null>
}

interface Entry {
  readonly version: number | string
  readonly plain: Buffer
  readonly etag: string
  gzip: Buffer | null
  compressing: Promise<Buffer> | null
}

/**
 * Response bodies in memory, up to so many bytes, the least recently used go first. Requests for one body at a time share
 * its reading and its compression. One body is compressed at a time: zlib's threads also sync what must not be lost.
 */
export class EncodedBodies {
  readonly #maxBytes: number
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Entry | null>>()
  #bytes = 0
  #compressing: Entry | null = null

  /** `maxBytes`: of all bodies with their compressed copies. A body of more than half of it is not held. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#bytes
  }

  /** The body; null when there is none. Rejects with what `load` rejects with. */
  async get(source: BodySource): Promise<EncodedBody | null> {
    const entry = this.#find(source) ?? (await this.#load(source))
    if (entry === null) return null
    await this.#compress(source.key, entry)
    return entry
  }

  #find({ key, version }: BodySource): Entry | null {
    const entry = this.#entries.get(key)
    if (entry?.version !== version) return null
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    return entry
  }

  #load(source: BodySource): Promise<Entry | null> {
    const name = `${source.version} ${source.key}`
    const loading = this.#loading.get(name) ?? this.#read(source).finally(() => this.#loading.delete(name))
    this.#loading.set(name, loading)
    return loading
  }

  async #read({ key, version, load }: BodySource): Promise<Entry | null> {
    const plain = await load()
    if (plain === null) return null
    const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
    const entry: Entry = { version, plain, etag: `W/"${hash}"`, gzip: null, compressing: null }
    if (plain.length > this.#maxBytes / 2) return entry
    this.#drop(key)
    this.#entries.set(key, entry)
    this.#count(plain.length)
    return entry
  }

  async #compress(key: string, entry: Entry): Promise<void> {
    if (entry.gzip !== null) return
    if (this.#compressing === null) {
      this.#compressing = entry
      entry.compressing = compress(entry.plain)
      try {
        entry.gzip = await entry.compressing
        if (this.#entries.get(key) === entry) this.#count(entry.gzip.length)
      } finally {
        entry.compressing = null
        this.#compressing = null
      }
    } else if (entry.compressing !== null) {
      await entry.compressing
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes
    for (const key of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return
      this.#drop(key)
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.plain.length + (entry.gzip?.length ?? 0)
  }
}
