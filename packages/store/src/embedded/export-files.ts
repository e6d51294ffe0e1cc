import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { growingFile } from '../growing-file.ts'
import { quoted } from '../quoted.ts'

/** Where an engine writes what is read from it while it does: bytes that go over a pipe as one result would fill the memory. */
export class ExportFiles {
  readonly #directory: string
  /** One at a time: each takes all processors. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(storeDirectory: string) {
    this.#directory = join(storeDirectory, 'exports')
  }

  /** Removes what a killed process left. */
  async clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }

  /** The rows of a SELECT as Parquet, while `run` has the engine write them. A reader who goes away ends nothing. */
  parquet(select: string, run: (statement: string) => Promise<void>): Readable {
    return Readable.from(this.#pieces(select, run), { objectMode: false })
  }

  async *#pieces(select: string, run: (statement: string) => Promise<void>): AsyncGenerator<Buffer> {
    const before = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = promise
    await before
    const path = join(this.#directory, `${randomUUID()}.parquet`)
    let written: Promise<void> | undefined
    try {
      await mkdir(this.#directory, { recursive: true })
      await writeFile(path, '', { mode: 0o600 })
      written = run(
        `INSERT INTO FUNCTION file(${quoted(path)}, Parquet) ${select}, engine_file_truncate_on_insert = 1`,
      )
      yield* growingFile(path, written)
    } finally {
      await rm(path, { force: true })
      // The engine goes on when the reader went away; the next one waits for it all the same.
      void Promise.resolve(written).then(resolve, resolve)
    }
  }
}
