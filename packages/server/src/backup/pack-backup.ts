import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { maxSnapshotSize } from '@peerpress/wire'
import { createTarPacker, type TarPackController } from 'modern-tar'
import { AssetHash } from './asset-hash.ts'
import { type BackupFile, backupIndexFile } from './backup-index.ts'
import { damagedAsset, type StagedBackup, type StagedFile } from './stage-backup.ts'

/** bytes per read of a file */
const pieceSize = 256 * 1024

/**
 * Packs a staged backup into a tar archive: its files, and last the index with the SHA-256 of each file. An archive without
 * the index is incomplete. Assets are verified while they are read. Release the staged backup after the stream has ended.
 */
export function packBackup(staged: StagedBackup): Readable {
  const { readable, controller } = createTarPacker()
  pack(staged, controller).catch((error: unknown) => controller.error(error))
  return Readable.from(readable, { objectMode: false })
}

async function pack({ about, files }: StagedBackup, controller: TarPackController): Promise<void> {
  const packed: BackupFile[] = []
  for (const file of files) {
    const entry = controller.add({ name: file.path, size: file.size, mode: 0o600, type: 'file' }).getWriter()
    const sha256 = await writeFile(file, (piece) => entry.write(piece))
    await entry.close()
    packed.push({ path: file.path, size: file.size, sha256 })
  }
  const index = Buffer.from(`${JSON.stringify({ ...about, files: packed }, null, 1)}\n`)
  const entry = controller.add({ name: backupIndexFile, size: index.length, mode: 0o600, type: 'file' })
  const writer = entry.getWriter()
  await writer.write(index)
  await writer.close()
  controller.finalize()
}

/** Resolves to the SHA-256 of the file, hex. */
async function writeFile(
  { source, asset }: StagedFile,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256')
  const assetHash = asset && new AssetHash(asset.chunkSize ?? maxSnapshotSize)
  for await (const piece of createReadStream(source, { highWaterMark: pieceSize })) {
    const bytes = piece as Buffer
    hash.update(bytes)
    assetHash?.update(bytes)
    await write(bytes)
  }
  if (asset && assetHash?.digest() !== asset.id) throw damagedAsset(asset.id, 'damaged')
  return hash.digest('hex')
}
