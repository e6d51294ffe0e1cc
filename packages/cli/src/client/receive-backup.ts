import { createHash } from 'node:crypto'
import { chmod, mkdir, open, readdir, rename, rm, rmdir, statfs } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { type BackupIndex, backupIndexFile, isBackupPath, parseBackupIndex } from '@peerpress/server'
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar'
import { CliError } from '../cli-error.ts'

/** An incoming backup and its destination. */
export interface BackupReception {
  /** A tar archive, whose last entry is the index. */
  readonly archive: AsyncIterable<Uint8Array>
  /** Bytes of all files. */
  readonly size: number
  readonly directory: string
  /** Called with the number of bytes written so far. */
  readonly onBytes: (bytes: number) => void
  /** Ends the reception when it aborts. */
  readonly signal: AbortSignal
}

/** A received backup. */
export interface ReceivedBackup {
  readonly index: BackupIndex
  /** bytes of all files */
  readonly size: number
}

/** Folder of the files until all of them are received. */
const incompleteDirectory = 'incomplete'
/** Files that are synced at the same time. */
const syncsAtOnce = 8
/** Maximum bytes of an index: some hundred thousand files. */
const maxIndexSize = 256 * 1024 ** 2

/**
 * Makes the folder of a backup, for its owner alone, and claims it by making `incomplete` in it. The returned function
 * removes what this one made, and nothing else.
 * @throws {CliError} `not-empty`
 */
export async function prepareBackupDirectory(directory: string): Promise<() => Promise<void>> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 })
  requireOnly([], directory, await readdir(directory))
  const incomplete = join(directory, incompleteDirectory)
  await mkdir(incomplete, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') requireOnly([], directory, [incompleteDirectory])
    throw error
  })
  const remove = async () => {
    await rm(incomplete, { recursive: true, force: true })
    // Another process may have written into it meanwhile.
    if (made !== undefined) await rmdir(directory).catch(() => undefined)
  }
  try {
    requireOnly([incompleteDirectory], directory, await readdir(directory))
    await chmod(directory, 0o700)
    return remove
  } catch (error) {
    await remove()
    throw error
  }
}

function requireOnly(mine: readonly string[], directory: string, names: readonly string[]): void {
  const others = names.filter((name) => name !== 'lost+found' && !mine.includes(name))
  if (others.length === 0) return
  const what = others.includes(incompleteDirectory)
    ? 'has a backup that did not end'
    : `is not empty (it has ${others[0]})`
  throw new CliError('not-empty', `${directory} ${what}: name an empty folder, or one that is not there yet`)
}

/**
 * Writes a backup into a prepared folder. Its files are in a folder `incomplete` until all are on disk. The index, which
 * makes the folder a backup, is written last.
 * @throws {CliError} `backup-broken`, `disk-full`
 */
export async function receiveBackup({
  archive,
  size,
  directory,
  onBytes,
  signal,
}: BackupReception): Promise<ReceivedBackup> {
  const moved: string[] = []
  try {
    await requireRoom(directory, size)
    const incomplete = join(directory, incompleteDirectory)
    const written = new Map<string, WrittenFile>()
    let bytes = 0
    let index: { readonly text: string; readonly value: BackupIndex } | undefined
    for await (const { header, body } of entriesOf(archive, signal)) {
      if (index !== undefined) throw broken('it goes on after its end')
      if (header.name === backupIndexFile) {
        if (header.size > maxIndexSize) throw broken('its index is too large')
        const text = await textOf(body)
        index = { text, value: parseBackupIndex(text) }
        continue
      }
      if (!isBackupPath(header.name)) throw broken(`it has a file "${header.name}"`)
      const path = join(incomplete, header.name)
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const file = await writeEntry(path, body, (more) => {
        signal.throwIfAborted()
        bytes += more
        onBytes(bytes)
      })
      written.set(header.name, file)
    }
    if (index === undefined) throw broken('it ends early')
    requireSame(index.value, written)
    await syncAll(incomplete, [...written.keys()])
    signal.throwIfAborted()
    requireOnly([incompleteDirectory], directory, await readdir(directory))
    for (const name of await readdir(incomplete)) {
      const to = join(directory, name)
      // mkdir fails if another process made the folder; rename replaces an empty one.
      await mkdir(to, { mode: 0o700 })
      moved.push(to)
      await rename(join(incomplete, name), to)
    }
    moved.push(join(directory, backupIndexFile))
    await writeIndex(directory, index.text)
    // The backup is complete even if another process has written into this folder.
    await rmdir(incomplete).catch(() => undefined)
    return { index: index.value, size: bytes }
  } catch (error) {
    for (const path of moved) await rm(path, { recursive: true, force: true })
    if (signal.aborted) throw signal.reason
    throw explained(error)
  }
}

interface WrittenFile {
  readonly size: number
  readonly sha256: string
}

async function requireRoom(directory: string, size: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory)
  if (bavail * bsize >= size) return
  const room = `${megabytes(size)} are needed in ${directory}, and ${megabytes(bavail * bsize)} are free`
  throw new CliError('disk-full', `${room}: make room, or name another disk`)
}

async function* entriesOf(
  archive: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<ParsedTarEntry> {
  const { readable, writable } = createTarDecoder({ strict: true })
  const feeding = (async () => {
    const writer = writable.getWriter()
    try {
      for await (const piece of archive) {
        signal.throwIfAborted()
        await writer.write(piece)
      }
      await writer.close()
    } catch (error) {
      await writer.abort(error).catch(() => undefined)
      throw error
    }
  })()
  feeding.catch(() => undefined)
  const reader = readable.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
    await feeding
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

async function writeEntry(
  path: string,
  body: ReadableStream<Uint8Array>,
  onMore: (bytes: number) => void,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  let size = 0
  await using file = await open(path, 'wx', 0o600)
  for await (const piece of body) {
    await file.writeFile(piece)
    hash.update(piece)
    size += piece.length
    onMore(piece.length)
  }
  return { size, sha256: hash.digest('hex') }
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function requireSame({ files }: BackupIndex, written: ReadonlyMap<string, WrittenFile>): void {
  if (files.length !== written.size) throw broken(`it has ${written.size} of ${files.length} files`)
  for (const { path, size, sha256 } of files) {
    const file = written.get(path)
    if (file?.size !== size || file.sha256 !== sha256) throw broken(`${path} changed on its way`)
  }
}

async function syncAll(directory: string, paths: readonly string[]): Promise<void> {
  const all = paths.map((path) => join(directory, path))
  const folders = new Set<string>([directory])
  for (const path of all) {
    for (
      let folder = dirname(path);
      !relative(directory, folder).startsWith('..');
      folder = dirname(folder)
    ) {
      folders.add(folder)
    }
  }
  const left = [...all, ...folders].values()
  const sync = async () => {
    for (const path of left) {
      await using file = await open(path, 'r')
      await file.sync()
    }
  }
  await Promise.all(Array.from({ length: syncsAtOnce }, sync))
}

async function writeIndex(directory: string, text: string): Promise<void> {
  const part = join(directory, incompleteDirectory, backupIndexFile)
  const file = await open(part, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  // Names are synced first: with the index the folder counts as a complete backup.
  await syncDirectory(directory)
  await rename(part, join(directory, backupIndexFile))
  await syncDirectory(directory)
}

async function syncDirectory(path: string): Promise<void> {
  await using directory = await open(path, 'r')
  await directory.sync()
}

function explained(error: unknown): unknown {
  if (error instanceof CliError) return error
  if (!(error instanceof Error)) return error
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new CliError('disk-full', 'the disk of the backup is full: make room, or name another one', {
      cause: error,
    })
  }
  // Errors of the registry, the store and the server say what to do.
  if (code !== undefined && /^[a-z-]+$/.test(code)) return error
  const what =
    code === 'ECONNRESET'
      ? 'the backup broke off: the server ended before the backup was complete, or the connection to it broke'
      : `the backup broke off (${error.message})`
  return new CliError('backup-broken', `${what}; the server's log says why`, { cause: error })
}

function broken(why: string): CliError {
  return new CliError('backup-broken', `the backup is not whole: ${why}; try again`)
}

/** Returns a size for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
