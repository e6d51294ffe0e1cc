import { constants, type Stats } from 'node:fs'
import { lstat, open, readdir, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'

/** A file of a folder. */
export interface FolderFile {
  /** Path within the folder, with `/` between its parts. */
  readonly path: string
  readonly size: number
}

/** The folder of a built site. Nothing outside it is read or written: links to other files are not followed. */
export interface Folder {
  /** Yields its regular files in the order of their names, except those in hidden folders and in `node_modules`. */
  files(): AsyncGenerator<FolderFile>
  /** Returns the size of a regular file in bytes; null if there is none at the path. */
  sizeOf(path: string): Promise<number | null>
  /** Reads a regular file. Rejects if it is longer than `limit` bytes. */
  read(path: string, limit: number): Promise<Buffer>
  /** Yields the bytes of a regular file. */
  stream(path: string): AsyncGenerator<Buffer>
  /** Replaces a file, or creates it, so that at any moment either the old or the new file is complete. */
  write(path: string, bytes: Uint8Array): Promise<void>
}

/** End of the names of files that are not complete yet. */
const incomplete = '.peerpress-incomplete'
const defaultMode = 0o644

/**
 * Opens a folder.
 * @throws if it is missing or is no folder
 */
export async function openFolder(directory: string): Promise<Folder> {
  const root = await realpath(directory)
  await readdir(root)

  /** Returns the file's place; null if it is outside the folder, behind a link, or no regular file. */
  async function find(path: string): Promise<{ readonly file: string; readonly stats: Stats } | null> {
    const file = join(root, path)
    if (!file.startsWith(rootWithEnd(root)) || path.includes('\0')) return null
    const parent = await realpath(dirname(file)).catch(() => null)
    if (parent !== dirname(file)) return null
    const stats = await lstat(file).catch(() => null)
    return stats?.isFile() === true ? { file, stats } : null
  }

  async function openToRead(path: string) {
    const found = await find(path)
    if (found === null) throw new Error('it is no regular file')
    return open(found.file, constants.O_RDONLY | constants.O_NOFOLLOW)
  }

  return {
    files: () => filesIn(root, ''),
    sizeOf: async (path) => (await find(path))?.stats.size ?? null,
    read: async (path, limit) => {
      await using file = await openToRead(path)
      const { size } = await file.stat()
      if (size > limit) throw new Error(`it has more than ${limit} bytes`)
      return file.readFile()
    },
    async *stream(path) {
      await using file = await openToRead(path)
      for await (const piece of file.createReadStream({ autoClose: false })) yield piece as Buffer
    },
    write: async (path, bytes) => {
      const file = join(root, path)
      const parent = dirname(file)
      if (!file.startsWith(rootWithEnd(root)) || (await realpath(parent)) !== parent) {
        throw new Error('it is outside the folder')
      }
      const mode = ((await find(path))?.stats.mode ?? defaultMode) & 0o777
      const temporary = join(parent, `.${basename(file)}${incomplete}`)
      // A process that was killed may have left one.
      await rm(temporary, { force: true })
      try {
        await writeNew(temporary, bytes, mode)
        await rename(temporary, file)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    },
  }
}

async function writeNew(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  // `wx` fails if another process, or a link, has taken the name.
  await using handle = await open(file, 'wx', mode)
  await handle.writeFile(bytes)
  // The mode at creation is reduced by the process's mask.
  await handle.chmod(mode)
}

async function* filesIn(root: string, path: string): AsyncGenerator<FolderFile> {
  const entries = await readdir(join(root, path), { withFileTypes: true })
  const sorted = entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of sorted) {
    const below = path === '' ? entry.name : `${path}/${entry.name}`
    if (entry.isDirectory()) {
      if (!isForeign(entry.name)) yield* filesIn(root, below)
    } else if (entry.isFile() && !entry.name.endsWith(incomplete)) {
      const stats = await lstat(join(root, below)).catch(() => null)
      if (stats?.isFile() === true) yield { path: below, size: stats.size }
    }
  }
}

/** Returns whether a folder is no part of a site: someone may name the folder of a project by mistake. */
function isForeign(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules'
}

function rootWithEnd(root: string): string {
  return root.endsWith(sep) ? root : root + sep
}
