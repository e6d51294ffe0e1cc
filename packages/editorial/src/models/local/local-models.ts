import { access, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelError } from '../model-error.ts'
import { installRuntime } from './install-runtime.ts'
import { beginsAsModel, isFileName } from './model-file.ts'
import { createModelFetches, type ModelFetch, type ModelFetchRequest } from './model-fetches.ts'

/** A GGUF file, and the installation that runs it. */
export interface LocatedModel {
  readonly modelPath: string
  /** The entry of `node-llama-cpp`. */
  readonly runtime: string
}

/** A complete GGUF file. */
export interface LocalModelFile {
  readonly name: string
  readonly bytes: number
}

export interface LocalModelsState {
  readonly isInstalled: boolean
  readonly isInstalling: boolean
  /** Why the last installation failed; null if it did not. */
  readonly problem: string | null
  readonly files: readonly LocalModelFile[]
  /** Files that are being fetched, or were not fetched to their end. */
  readonly fetches: readonly ModelFetch[]
}

/** The local models of this server: GGUF files in a folder, and the runtime that an administrator installs. */
export interface LocalModels {
  isInstalled(): Promise<boolean>
  /**
   * Installs the runtime's build for this machine's processor. Two calls at once install it once.
   * @throws {ModelError} `local-model`, `disk-full`
   */
  install(): Promise<void>
  /** Installs it without waiting. The state has the outcome. */
  beginInstalling(): void
  /** Fetches a file without waiting, and continues with what is there. The state has the progress and the outcome. */
  beginFetching(request: ModelFetchRequest): void
  /** Removes a file, also one that is being fetched. Returns false if there is none. */
  remove(name: string): Promise<boolean>
  state(): Promise<LocalModelsState>
  /** Returns the names of the GGUF files. */
  files(): Promise<string[]>
  /** Finds a file by its name. @throws {ModelError} `local-model` */
  locate(name: string): Promise<LocatedModel>
  /** Ends a running installation, and running fetches, which continue when they are requested again. */
  close(): Promise<void>
}

/**
 * @param directory holds the GGUF files; the runtime goes into a folder in it. The operator copies files there, or an administrator
 * has them fetched.
 */
export function createLocalModels(directory: string): LocalModels {
  const runtimeDirectory = join(directory, 'runtime')
  const runtime = join(runtimeDirectory, 'node_modules/node-llama-cpp/dist/index.js')
  const fetches = createModelFetches(directory)
  const isInstalled = () => exists(runtime)
  const closing = new AbortController()
  let installing: Promise<void> | null = null
  let problem: string | null = null
  const installOnce = () => {
    installing ??= installRuntime(runtimeDirectory, closing.signal).finally(() => {
      installing = null
    })
    return installing
  }
  const files = async () => {
    const names = await readdir(directory).catch(() => [])
    return names.filter((name) => isFileName(name)).toSorted()
  }
  return {
    isInstalled,
    install: installOnce,
    beginInstalling: () => {
      problem = null
      installOnce().catch((error: unknown) => {
        problem = error instanceof Error ? error.message : String(error)
      })
    },
    beginFetching: (request) => fetches.begin(request),
    remove: async (name) => {
      if (!isFileName(name)) return false
      const wasFetched = await fetches.remove(name)
      const isThere = await exists(join(directory, name))
      await rm(join(directory, name), { force: true })
      return wasFetched || isThere
    },
    state: async () => ({
      isInstalled: await isInstalled(),
      isInstalling: installing !== null,
      problem,
      files: await sized(directory, await files()),
      fetches: await fetches.list(),
    }),
    files,
    locate: async (name) => {
      const modelPath = await locateFile(directory, name)
      if (!(await isInstalled())) {
        throw new ModelError(
          'local-model',
          'The runtime of local models is not installed. An administrator can install it.',
        )
      }
      return { modelPath, runtime }
    },
    close: async () => {
      closing.abort(new Error('the server stops'))
      // The caller that awaits the installation gets its failure.
      await Promise.all([fetches.close(), installing?.catch(() => undefined)])
    },
  }
}

async function locateFile(directory: string, name: string): Promise<string> {
  if (!isFileName(name)) throw new ModelError('local-model', 'This is not the name of a GGUF file.')
  const path = join(directory, name)
  const found = await stat(path).catch(() => null)
  if (found?.isFile() !== true) {
    throw new ModelError('local-model', `There is no ${name} in ${directory}. Copy the GGUF file there.`)
  }
  if (!(await beginsAsModel(path))) {
    throw new ModelError('local-model', `${name} is damaged, or no GGUF file.`)
  }
  return path
}

async function sized(directory: string, names: readonly string[]): Promise<LocalModelFile[]> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, stats: await stat(join(directory, name)).catch(() => null) })),
  )
  return found.flatMap(({ name, stats }) => (stats?.isFile() === true ? [{ name, bytes: stats.size }] : []))
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
