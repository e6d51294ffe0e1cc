import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { ModelError } from '../model-error.ts'
import { beginsAsModel, isFileName } from './model-file.ts'
import { type ModelSource, sizeOf, transferModel } from './model-transfer.ts'

export interface ModelFetchRequest extends ModelSource {
  /** The name that the file gets, such as `model.gguf`. */
  readonly name: string
}

/** A file that is being fetched, or was not fetched to its end. */
export interface ModelFetch {
  readonly name: string
  readonly isRunning: boolean
  /** Bytes that are stored. */
  readonly bytes: number
  /** Of the whole file; null while it is unknown. */
  readonly totalBytes: number | null
  /** Why it ended, or what delays it; null if nothing does. */
  readonly problem: string | null
}

/** Fetches of GGUF files into a folder. A part and its source are stored, so that a later request continues. */
export interface ModelFetches {
  /** Begins to fetch a file. Does nothing while the same file is fetched. */
  begin(request: ModelFetchRequest): void
  /** Ends a fetch and removes its part. Returns false if there is none. */
  remove(name: string): Promise<boolean>
  list(): Promise<ModelFetch[]>
  close(): Promise<void>
}

/** Attempts in a row that stored nothing. */
const maxVainAttempts = 5
/** ms between two attempts. */
const pause = 5_000

const partEnding = '.part'
const sourceEnding = '.source.json'
const sourceSchema = v.object({ url: v.string(), sha256: v.string() })

interface Running {
  readonly ending: AbortController
  readonly done: Promise<void>
}

export function createModelFetches(directory: string): ModelFetches {
  const shown = new Map<string, ModelFetch>()
  const running = new Map<string, Running>()
  const pathOf = (name: string) => join(directory, name)
  const show = (name: string, change: Partial<ModelFetch>) => {
    const known = shown.get(name) ?? { name, isRunning: true, bytes: 0, totalBytes: null, problem: null }
    shown.set(name, { ...known, ...change })
  }
  const run = async (request: ModelFetchRequest, signal: AbortSignal) => {
    const { name } = request
    const part = pathOf(name) + partEnding
    try {
      await prepare(directory, request)
      const fetching = {
        signal,
        onProgress: (bytes: number, totalBytes: number | null) => show(name, { bytes, totalBytes }),
      }
      await transferWithRetries(request, part, {
        ...fetching,
        onProblem: (problem) => show(name, { problem }),
      })
      if (!(await beginsAsModel(part))) throw new ModelError('local-model', 'The file is no GGUF file.')
      await rename(part, pathOf(name))
      await rm(pathOf(name) + sourceEnding, { force: true })
      shown.delete(name)
    } catch (error) {
      const isVain =
        error instanceof ModelError && (error.code === 'wrong-hash' || error.code === 'local-model')
      if (isVain) await removeParts(directory, name)
      const problem = signal.aborted ? null : error instanceof Error ? error.message : String(error)
      show(name, { isRunning: false, problem, ...(isVain && { bytes: 0 }) })
    } finally {
      running.delete(name)
    }
  }
  return {
    begin: (request) => {
      const { name } = request
      if (running.has(name)) return
      shown.delete(name)
      show(name, {})
      const ending = new AbortController()
      const done = run(request, ending.signal).catch((error: unknown) =>
        show(name, { isRunning: false, problem: String(error) }),
      )
      running.set(name, { ending, done })
    },
    remove: async (name) => {
      const found = running.get(name)
      found?.ending.abort(new Error('the fetch was removed'))
      await found?.done
      const wasThere = shown.delete(name) || (await sizeOf(pathOf(name) + partEnding)) > 0
      await removeParts(directory, name)
      return wasThere
    },
    list: async () => {
      const names = await readdir(directory).catch(() => [])
      const left = names.flatMap((file) =>
        file.endsWith(partEnding) ? file.slice(0, -partEnding.length) : [],
      )
      const interrupted = left.filter((name) => isFileName(name) && !shown.has(name))
      const found = await Promise.all(
        interrupted.map(async (name) => ({
          name,
          isRunning: false,
          bytes: await sizeOf(pathOf(name) + partEnding),
          totalBytes: null,
          problem: 'It was interrupted. Fetch it again: it continues.',
        })),
      )
      return [...shown.values(), ...found].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    },
    close: async () => {
      for (const { ending } of running.values()) ending.abort(new Error('the server stops'))
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}

/** Keeps a part that belongs to the same file, and removes any other. */
async function prepare(directory: string, { name, url, sha256 }: ModelFetchRequest): Promise<void> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, name) + sourceEnding
  const known = await readFile(path, 'utf8').then(parseSource, () => null)
  if (known?.sha256 !== sha256) await removeParts(directory, name)
  await writeFile(path, JSON.stringify({ url, sha256 }))
}

function parseSource(text: string): { readonly sha256: string } | null {
  try {
    return v.parse(sourceSchema, JSON.parse(text))
  } catch {
    // A file that a crash cut off: the fetch begins anew.
    return null
  }
}

async function removeParts(directory: string, name: string): Promise<void> {
  const path = join(directory, name)
  await Promise.all([rm(path + partEnding, { force: true }), rm(path + sourceEnding, { force: true })])
}

interface Retrying {
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, total: number | null) => void
  readonly onProblem: (problem: string | null) => void
}

/** Continues after failures that pass, as long as each attempt stores something, and a few times if not. */
async function transferWithRetries(
  source: ModelSource,
  path: string,
  { signal, onProgress, onProblem }: Retrying,
): Promise<void> {
  for (let vain = 0; ;) {
    const before = await sizeOf(path)
    try {
      return await transferModel(source, path, { signal, onProgress })
    } catch (error) {
      if (!(error instanceof ModelError) || !error.isPassing) throw error
      vain = (await sizeOf(path)) > before ? 0 : vain + 1
      if (vain >= maxVainAttempts) throw error
      onProblem(`${error.message} It continues in ${pause / 1000} s.`)
      await delay(pause, undefined, { signal })
      onProblem(null)
    }
  }
}
