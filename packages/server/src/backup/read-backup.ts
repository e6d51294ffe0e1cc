import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerError } from '../server-error.ts'
import { type BackupFile, type BackupIndex, backupIndexFile, parseBackupIndex } from './backup-index.ts'

/** Called with a number of bytes. */
export type OnBytes = (bytes: number) => void

/**
 * Reads the index of a backup and verifies the size and SHA-256 of every file. `onMore` is called with the number of bytes of
 * each read. If it throws, the verification ends with its error.
 * @throws {ServerError} `bad-backup` naming the first file at fault, `newer-backup`
 */
export async function readBackup(directory: string, onMore: OnBytes = () => {}): Promise<BackupIndex> {
  const text = await readFile(join(directory, backupIndexFile), 'utf8').catch((cause: unknown) => {
    throw new ServerError(
      'bad-backup',
      `${directory} is no whole backup: it has no ${backupIndexFile}, which is written last`,
      { cause },
    )
  })
  const index = parseBackupIndex(text)
  for (const file of index.files) await verifyFile(directory, file, onMore)
  return index
}

async function verifyFile(
  directory: string,
  { path, size, sha256 }: BackupFile,
  onMore: OnBytes,
): Promise<void> {
  const full = join(directory, path)
  const found = await stat(full).catch(() => null)
  if (found?.isFile() !== true)
    throw new ServerError('bad-backup', `the backup is damaged: ${full} is missing`)
  if (found.size !== size) {
    throw new ServerError('bad-backup', `the backup is damaged: ${full} has ${found.size} of ${size} bytes`)
  }
  const hash = createHash('sha256')
  for await (const piece of createReadStream(full, { highWaterMark: 256 * 1024 })) {
    hash.update(piece as Buffer)
    onMore((piece as Buffer).length)
  }
  if (hash.digest('hex') !== sha256) {
    throw new ServerError(
      'bad-backup',
      `the backup is damaged: ${full} has other bytes than when it was taken`,
    )
  }
}
