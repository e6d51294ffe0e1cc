import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { growingFile } from './growing-file.ts'
import { quoted } from '../../model/quoted.ts'

/**
 * The folder in which an engine writes exports while they are read. As one result over a pipe, they would fill the
 * memory.
 */
export class ExportFiles {
  readonly #directory: string

  constructor(storeDirectory: string) {
    this.#directory = join(storeDirectory, 'exports')
  }

  /** Removes files of a killed process. */
  async clear(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }

  /**
   * Returns the rows of a SELECT as Parquet while `run` has the engine write them. The signal for `run` is aborted when
   * the reader destroys the stream.
   */
  parquet(select: string, run: RunExport): Readable {
    return Readable.from(this.#chunks(select, run), { objectMode: false })
  }

  async *#chunks(select: string, run: RunExport): AsyncGenerator<Buffer> {
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
