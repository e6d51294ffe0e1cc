import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const pieceLength = 256 * 1024
const pollMs = 20

/**
 * The bytes of a file that somebody else is writing, as they come, until `written` settles and all is read.
 * @throws what `written` rejects with
 */
export async function* growingFile(path: string, written: Promise<unknown>): AsyncGenerator<Buffer> {
  let isWritten = false
  const end = written.then(
    () => (isWritten = true),
    () => (isWritten = true),
  )
  await using file = await open(path, 'r')
  for (;;) {
    // Asked before reading: what was written up to the end is read after it.
    const isLast = isWritten
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceLength), 0, pieceLength)
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
    else if (isLast) break
    else await Promise.race([end, delay(pollMs)])
  }
  await written
}
