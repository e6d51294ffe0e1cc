import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ServerError } from '../server-error.ts'
import {
  isIncomplete,
  isMarkedBy,
  markComplete,
  markFile,
  markIncomplete,
  syncDirectory,
} from './incomplete-restore.ts'

/**
 * An empty data folder that one restore owns. The mark of an incomplete restore is the claim: only one process can create
 * it, and no server starts while it is there. Every file and folder is created exclusively, and only these are removed.
 */
export class ClaimedFolder {
  readonly #directory: string
  readonly #claim: string
  readonly #isMade: boolean
  /** Parent folders that this restore created. */
  readonly #folders = new Set<string>()
  /** Oldest first. */
  readonly #written: { readonly path: string; readonly kind: 'file' | 'folder' | 'tree' }[] = []

  private constructor(directory: string, { claim, isMade }: { claim: string; isMade: boolean }) {
    this.#directory = directory
    this.#claim = claim
    this.#isMade = isMade
  }

  /**
   * Creates the folder if it does not exist, and claims it.
   * @throws {ServerError} `not-empty`
   */
  static async claim(directory: string): Promise<ClaimedFolder> {
    await requireEmpty(directory)
    const made = await mkdir(directory, { recursive: true, mode: 0o700 })
    const claim = await markIncomplete(directory).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') await requireEmpty(directory)
      throw error
    })
    const folder = new ClaimedFolder(directory, { claim, isMade: made !== undefined })
    try {
      // A server that began to start before the mark existed has created its folders by now, or sees the mark.
      await folder.requireEmpty()
      await chmod(directory, 0o700)
      return folder
    } catch (error) {
      await folder.release()
      throw error
    }
  }

  /**
   * Refuses a folder that holds anything beside the mark.
   * @throws {ServerError} `not-empty`
   */
  async requireEmpty(): Promise<void> {
    const other = (await contentsOf(this.#directory)).find((name) => name !== markFile)
    if (other !== undefined) throw notEmpty(this.#directory, other)
  }

  /** Creates a folder for an engine. Everything in it counts as written by this restore. */
  async makeTree(name: string): Promise<string> {
    return this.#create(name, 'tree')
  }

  /** Creates an empty file, which the caller then writes by its path. */
  async makeFile(name: string): Promise<string> {
    const path = join(this.#directory, name)
    const file = await open(path, 'wx', 0o600).catch((error: unknown) => this.#refuseTaken(error, name))
    this.#written.push({ path, kind: 'file' })
    await file.close()
    return path
  }

  /** Copies a file into the folder and syncs it. */
  async copy(from: string, name: string): Promise<void> {
    const to = join(this.#directory, name)
    await this.#makeParents(dirname(name))
    // This call removes an incomplete copy itself.
    await copyFile(from, to, constants.COPYFILE_EXCL).catch((error: unknown) =>
      this.#refuseTaken(error, name),
    )
    this.#written.push({ path: to, kind: 'file' })
    const file = await open(to, 'r+')
    try {
      await file.chmod(0o600)
      await file.sync()
    } finally {
      await file.close()
    }
    await syncDirectory(dirname(to))
  }

  /** Ends the claim: the restore is complete. */
  async complete(): Promise<void> {
    if (!(await isMarkedBy(this.#directory, this.#claim))) {
      throw new ServerError(
        'not-empty',
        `${this.#directory} was taken away during the restore: restore into an empty folder that nothing else uses`,
      )
    }
    await markComplete(this.#directory)
  }

  /** Removes everything that this restore wrote, and the mark last. Removes nothing if the mark is of another restore. */
  async release(): Promise<void> {
    if (!(await isMarkedBy(this.#directory, this.#claim))) return
    for (const { path, kind } of this.#written.toReversed()) {
      if (kind === 'folder') await removeEmpty(path)
      else await rm(path, { recursive: kind === 'tree', force: true })
    }
    await rm(join(this.#directory, markFile), { force: true })
    if (this.#isMade) await removeEmpty(this.#directory)
  }

  /** Creates and syncs the parent folders of a file. */
  async #makeParents(name: string): Promise<void> {
    if (name === '.' || this.#folders.has(name)) return
    await this.#makeParents(dirname(name))
    this.#folders.add(name)
    await syncDirectory(dirname(await this.#create(name, 'folder')))
  }

  async #create(name: string, kind: 'folder' | 'tree'): Promise<string> {
    const path = join(this.#directory, name)
    await mkdir(path, { mode: 0o700 }).catch((error: unknown) => this.#refuseTaken(error, name))
    this.#written.push({ path, kind })
    return path
  }

  #refuseTaken(error: unknown, name: string): never {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw notEmpty(this.#directory, name)
    throw error
  }
}

/** @throws {ServerError} `not-empty` */
async function requireEmpty(directory: string): Promise<void> {
  const [first] = await contentsOf(directory)
  if (first === undefined) return
  if (!(await isIncomplete(directory))) throw notEmpty(directory, first)
  const what =
    'has a restore that did not end: if it does not run any more, delete the folder and restore again'
  throw new ServerError('not-empty', `${directory} ${what}`)
}

function notEmpty(directory: string, name: string): ServerError {
  const what = `is not empty (it has ${name}): restore into an empty folder, named by --data`
  return new ServerError('not-empty', `${directory} ${what}`)
}

/** Returns the names in a folder except `lost+found`, which a new disk has; none if the folder does not exist. */
async function contentsOf(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name !== 'lost+found')
}

/** Removes a folder if it is empty. */
async function removeEmpty(path: string): Promise<void> {
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EBUSY'].includes(error.code ?? '')) throw error
  })
}
