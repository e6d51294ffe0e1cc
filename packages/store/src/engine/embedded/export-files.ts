import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { growingFile } from './growing-file.ts'
import { quoted } from '../../model/quoted.ts'

/** Where an engine writes what is read from it while it does: bytes that go over a pipe as one result would fill the memory. */
export class ExportFiles {
  readonly #directory: string

  constructor(storeDirectory: string) {
    this.#directory = join(storeDirectory, 'exports')
  }

  /** Removes what a killed process left. */
  async clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }

  /**
   * The rows of a SELECT as Parquet, while `run` has the engine write them. The signal that `run` gets is aborted when the
   * reader has destroyed the stream.
   */
  parquet(select: string, run: RunExport): Readable {
    return Readable.from(this.#pieces(select, run), { objectMode: false })
  }

  async *#pieces(select: string, run: RunExport): AsyncGenerator<Buffer> {
    const path = join(this.#directory, `${randomUUID()}.parquet`)
    const left = new AbortController()
    try {
      await mkdir(this.#directory, { recursive: true })
      await writeFile(path, '', { mode: 0o600 })
      const statement = `INSERT INTO FUNCTION file(${quoted(path)}, Parquet) ${select}, engine_file_truncate_on_insert = 1`
      yield* growingFile(path, run(statement, left.signal))
    } finally {
      left.abort()
      await rm(path, { force: true })
    }
  }
}

type RunExport = (statement: string, signal: AbortSignal) => Promise<void>
