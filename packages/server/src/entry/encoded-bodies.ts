import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

/** A response body that was read, hashed and compressed once for all requests. */
export interface EncodedBody {
  readonly plain: Buffer
  /** The compressed body; null while other bodies are being compressed. */
  readonly gzip: Buffer | null
  /** A weak entity tag, the same for both encodings. */
  readonly etag: string
}

/** How a body is found in the cache, or read. */
export interface BodySource {
  /** The key of the body in the cache. */
  readonly key: string
  /** The body is read again after this changed. */
  readonly version: number | string
  /** Reads the body; null if it does not exist. */
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
 * A cache of response bodies with a limit of bytes; the least recently used body goes first. Concurrent requests for one body
 * share its read and its compression. One body is compressed at a time, because the log's syncs need the same threads.
 */
export class EncodedBodies {
  readonly #maxBytes: number
  /** Ordered by use, the least recently used first. */
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Entry | null>>()
  #bytes = 0
  #compressing: Entry | null = null

  /** @param maxBytes of all bodies with their compressed copies; a body of more than half of it is not cached */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Returns the cached bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /** Returns the body; null if it does not exist. Rejects with the error of `load`. */
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
