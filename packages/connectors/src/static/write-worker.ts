import { ConnectorError } from '../connector-error.ts'
import type { Folder } from './folder.ts'

/** Path of the service worker in the folder. It is not in a subfolder, because a worker controls only pages below its path. */
export const workerPath = 'peerpress-worker.js'

/** The first line of the file. It distinguishes the file from one of the site's own. */
const firstLine = '// The service worker of PeerPress. The next "peerpress publish" replaces this file.\n'
/** Maximum size of an existing file that is compared, bytes. */
const maxSize = 1024 * 1024

/**
 * Writes the service worker into a folder unless it is there already.
 * @throws {ConnectorError} `name-taken` if a file of the site's own has its name
 */
export async function writeWorker({
  folder,
  site,
  isDryRun,
}: {
  readonly folder: Folder
  readonly site: { readonly worker: string }
  readonly isDryRun: boolean
}): Promise<{ readonly path: string; readonly isWritten: boolean }> {
  const script = Buffer.from(firstLine + site.worker)
  const size = await folder.sizeOf(workerPath)
  const before = size === null || size > maxSize ? null : await folder.read(workerPath, maxSize)
  if (size !== null && before?.subarray(0, firstLine.length).toString() !== firstLine) {
    const message = `${workerPath} is a file of the site's own: rename it, because readers' browsers need this name.`
    throw new ConnectorError('name-taken', message)
  }
  if (before?.equals(script) === true) return { path: workerPath, isWritten: false }
  if (!isDryRun) await folder.write(workerPath, script)
  return { path: workerPath, isWritten: true }
}
