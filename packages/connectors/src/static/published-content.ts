import { createHash } from 'node:crypto'
import { type AssetId, decodeSnapshot, type Manifest } from '@peerpress/wire'
import type { Folder } from './folder.ts'
import { fileOfUrl } from './page-url.ts'
import type { BuiltPost } from './write-folder.ts'

/**
 * Returns a function that returns whether a manifest has exactly the content of a folder: the page, and each of its media
 * that is a file of the folder. A medium that the server left out does not count. Each file is read once.
 * @param home URL of the folder, with a last slash
 */
export function publishedContent(
  folder: Folder,
  home: string,
): (post: BuiltPost, manifest: Manifest) => Promise<boolean> {
  const names = new Map<string, Promise<AssetId | null>>()
  const nameOf = (path: string, chunkSize: number) => {
    const key = `${chunkSize} ${path}`
    const name = names.get(key) ?? nameOfFile(folder, path, chunkSize)
    names.set(key, name)
    return name
  }
  return async ({ snapshot }, manifest) => {
    if (manifest.revoked || snapshotOf(manifest) !== snapshot) return false
    for (const { url, id, chunkSize } of manifest.assets) {
      const path = fileOfUrl(new URL(url), home)
      const name = path === null ? null : await nameOf(path, chunkSize)
      if (name !== null && name !== id) return false
    }
    return true
  }
}

/** Returns the name of the page that was published; null if the site does not allow copies of it. */
function snapshotOf({ snapshot }: Manifest): AssetId | null {
  return snapshot === undefined ? null : decodeSnapshot(snapshot).id
}

/** Returns the asset's name of a file; null if there is no such file, or it is empty. */
async function nameOfFile(folder: Folder, path: string, chunkSize: number): Promise<AssetId | null> {
  const size = await folder.sizeOf(path)
  if (size === null || size === 0) return null
  const all = createHash('sha256')
  let chunk = createHash('sha256')
  let room = chunkSize
  for await (let piece of folder.stream(path)) {
    while (piece.length >= room) {
      all.update(chunk.update(piece.subarray(0, room)).digest())
      piece = piece.subarray(room)
      chunk = createHash('sha256')
      room = chunkSize
    }
    chunk.update(piece)
    room -= piece.length
  }
  if (room < chunkSize) all.update(chunk.digest())
  return all.digest('hex')
}
