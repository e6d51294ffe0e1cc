import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type AssetId, chunkSizeFor } from '@peerpress/wire'
import { assetPath } from './asset-path.ts'
import { inBlocks } from './pieces.ts'

/** Bytes that were stored, cut and hashed. */
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
   * Stores the pieces as one file in constant memory. Null when there are no bytes; nothing stays when it throws.
   * `chunkSize`: bytes. @default what `chunkSizeFor` says
   */
  receive(pieces: AsyncIterable<Buffer> | Iterable<Buffer>, chunkSize?: number): Promise<StoredBytes | null>
  /** Where the asset's file is, or null when it is not there with all its bytes. */
  find(id: AssetId, size: number): Promise<string | null>
  /** Removes the file of what nobody names any more. */
  remove(id: AssetId): Promise<void>
  /** Removes what a killed process left half received. */
  removeLeftovers(): Promise<void>
}

export function createAssetStore(directory: string): AssetStore {
  const incoming = join(directory, 'incoming')
  const pathOf = (id: AssetId) => join(directory, assetPath(id))
  const find = async (id: AssetId, size: number) => {
    const path = pathOf(id)
    const file = await stat(path).catch(() => null)
    return file?.isFile() === true && file.size === size ? path : null
  }
  return {
    find,
    receive: async (pieces, chunkSize) => {
      await mkdir(incoming, { recursive: true })
      const path = join(incoming, randomUUID())
      try {
        const size = await writeDurably(path, pieces)
        if (size === 0) return null
        const stored = await hashFile(path, size, chunkSize)
        if ((await find(stored.id, size)) === null) await moveDurably(path, pathOf(stored.id))
        return stored
      } finally {
        await rm(path, { force: true })
      }
    },
    remove: (id) => rm(pathOf(id), { force: true }),
    removeLeftovers: () => rm(incoming, { recursive: true, force: true }),
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

/** A second pass over the file: the chunk size follows from the size, which an origin need not tell first. */
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
