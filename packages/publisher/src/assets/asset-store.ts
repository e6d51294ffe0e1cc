import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AssetId, assetIdSchema, chunkSizeFor } from '@peerpress/wire'
import * as v from 'valibot'
import { assetPath } from './asset-path.ts'
import { AssetUses } from './asset-uses.ts'
import { inBlocks } from '../fetch/pieces.ts'

/** Bytes that were stored, chunked and hashed. */
export interface StoredBytes {
  readonly id: AssetId
  /** bytes */
  readonly size: number
  /** bytes */
  readonly chunkSize: number
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** A folder of files named by their content. */
export interface AssetStore {
  /**
   * Stores the pieces as one file in constant memory. Returns null if there are no bytes. If it throws, no file
   * remains.
   * `chunkSize`: bytes. @default `chunkSizeFor(size)`
   */
  receive(pieces: AsyncIterable<Buffer> | Iterable<Buffer>, chunkSize?: number): Promise<StoredBytes | null>
  /** Returns the path of the asset's file, or null if it is missing or incomplete. */
  find(id: AssetId, size: number): Promise<string | null>
  /**
   * Removes the file of an asset unless a session uses it.
   * @param isNeeded is called while no session can start to use the asset; if it returns true, the file stays
   */
  remove(id: AssetId, isNeeded?: () => Promise<boolean>): Promise<void>
  /** Lists the assets that have files, folder by folder. */
  list(): AsyncGenerator<AssetId[]>
  /** Removes partially received files of a killed process. */
  removeLeftovers(): Promise<void>
  /**
   * Returns the same store, which removes nothing that was received or found through the session until the session
   * ends.
   */
  openSession(): AssetSession
}

/** A use of the store, such as one publication. The assets it found stay until it ends. */
export interface AssetSession extends AssetStore {
  end(): void
}

export function createAssetStore(directory: string): AssetStore {
  const incoming = join(directory, 'incoming')
  const pathOf = (id: AssetId) => join(directory, assetPath(id))
  const find = async (id: AssetId, size: number) => {
    const path = pathOf(id)
    const file = await stat(path).catch(() => null)
    return file?.isFile() === true && file.size === size ? path : null
  }
  const uses = new AssetUses()
  const receive = async (
    pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
    chunkSize: number | undefined,
    onHashed: (id: AssetId) => Promise<void> | undefined,
  ) => {
    await mkdir(incoming, { recursive: true })
    const path = join(incoming, randomUUID())
    try {
      const size = await writeDurably(path, pieces)
      if (size === 0) return null
      const stored = await hashFile(path, size, chunkSize)
      await onHashed(stored.id)
      if ((await find(stored.id, size)) === null) await moveDurably(path, pathOf(stored.id))
      return stored
    } finally {
      await rm(path, { force: true })
    }
  }
  const store: AssetStore = {
    find,
    receive: (pieces, chunkSize) => receive(pieces, chunkSize, (id) => uses.removalOf(id)),
    remove: (id, isNeeded) =>
      uses.removeUnused(id, async () => {
        if ((await isNeeded?.()) !== true) await rm(pathOf(id), { force: true })
      }),
    list: () => listFiles(directory),
    removeLeftovers: () => rm(incoming, { recursive: true, force: true }),
    openSession: () => {
      const used = new Set<AssetId>()
      const use = async (id: AssetId) => {
        if (!used.has(id)) uses.begin(id)
        used.add(id)
        await uses.removalOf(id)
      }
      return {
        ...store,
        receive: (pieces, chunkSize) => receive(pieces, chunkSize, use),
        find: async (id, size) => {
          await use(id)
          return find(id, size)
        },
        end: () => {
          for (const id of used) uses.end(id)
          used.clear()
        },
      }
    },
  }
  return store
}

async function* listFiles(directory: string): AsyncGenerator<AssetId[]> {
  for (const folder of await namesIn(directory)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue
    const ids = (await namesIn(join(directory, folder))).map((name) => folder + name)
    yield ids.filter((id) => v.is(assetIdSchema, id))
  }
}

/** Returns no names if the folder does not exist. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function writeDurably(path: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<number> {
  const file = await open(path, 'wx')
  try {
    let size = 0
    for await (const piece of inBlocks(pieces)) {
      await writeFully(file, piece)
      size += piece.length
    }
    await file.sync()
    return size
  } finally {
    await file.close()
  }
}

async function writeFully(file: FileHandle, piece: Buffer): Promise<void> {
  let offset = 0
  while (offset < piece.length) offset += (await file.write(piece, offset)).bytesWritten
}

/** Hashes the file in a second pass. The chunk size depends on the size, which an origin need not announce. */
async function hashFile(path: string, size: number, chunkSize = chunkSizeFor(size)): Promise<StoredBytes> {
  const hashes: Buffer[] = []
  let hash = createHash('sha256')
  let room = chunkSize
  for await (const piece of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    let rest = piece as Buffer
    while (rest.length > 0) {
      const part = rest.subarray(0, room)
      hash.update(part)
      room -= part.length
      rest = rest.subarray(part.length)
      if (room === 0) {
        hashes.push(hash.digest())
        hash = createHash('sha256')
        room = chunkSize
      }
    }
  }
  if (room < chunkSize) hashes.push(hash.digest())
  const all = Uint8Array.from(Buffer.concat(hashes))
  return { id: createHash('sha256').update(all).digest('hex'), size, chunkSize, hashes: all }
}

async function moveDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  const directory = await open(dirname(to))
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
