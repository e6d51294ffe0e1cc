import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import writeFileAtomic from 'write-file-atomic'
import { RegistryError } from '../registry-error.ts'
import { emptyHead, type LedgerHead } from './ledger-row.ts'

/** The key of the chain, and the head as this server knows it. They are outside the database. */
export interface KeyedHead {
  /** 32 random bytes */
  readonly key: Uint8Array
  readonly head: LedgerHead
}

/** The file with key and head. */
export class HeadFile {
  readonly #path: string
  #state: KeyedHead | null = null
  #written = -1
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /**
   * Reads the file at the first call; later calls return the newest head.
   * @returns null if there is no file
   * @throws {RegistryError} `ledger-key` if the file is none of ours
   */
  async read(): Promise<KeyedHead | null> {
    if (this.#state !== null) return this.#state
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    // Another call may have read it, and a head been written, meanwhile.
    if (text !== null && this.#state === null) {
      this.#state = parse(text, this.#path)
      this.#written = this.#state.head.seq
    }
    return this.#state
  }

  /** Draws a key and writes it with an empty head. */
  async create(): Promise<KeyedHead> {
    this.#state = { key: randomBytes(32), head: emptyHead }
    await this.#write()
    return this.#state
  }

  /** Writes a newer head. Resolves once the file has it or a later one. */
  async advance(head: LedgerHead): Promise<void> {
    if (this.#state === null) throw new Error('the head file was never read')
    if (head.seq > this.#state.head.seq) this.#state = { ...this.#state, head }
    if (head.seq > this.#written) await this.#write()
  }

  /** Writes are one after another. One that waits writes the head of then, so a burst is written in two. */
  async #write(): Promise<void> {
    const turn = this.#writing.then(() => this.#writeNewest())
    this.#writing = turn.catch(() => undefined)
    await turn
  }

  async #writeNewest(): Promise<void> {
    const state = this.#state
    if (state === null || state.head.seq <= this.#written) return
    const { key, head } = state
    const content = JSON.stringify({ version: 1, key: Buffer.from(key).toString('hex'), ...head })
    await writeFileAtomic(this.#path, `${content}\n`, { mode: 0o600 })
    this.#written = head.seq
  }
}

function parse(text: string, path: string): KeyedHead {
  try {
    const { version, key, seq, mac } = JSON.parse(text) as Record<string, unknown>
    const isHead = Number.isSafeInteger(seq) && (seq as number) >= 0 && isHash(mac)
    if (version === 1 && isHash(key) && isHead) {
      return { key: Buffer.from(key, 'hex'), head: { seq: seq as number, mac } }
    }
  } catch {
    // Reported below. The text holds a key, which must not get into an error.
  }
  throw new RegistryError('ledger-key', `${path} is not a key file of the ledger: put the original back`)
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
