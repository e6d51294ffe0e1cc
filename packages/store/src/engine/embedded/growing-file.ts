import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

const pieceLength = 256 * 1024
const pollMs = 20

/**
 * Reads a file while another process writes it, until `written` settles and all bytes are read.
 * @throws the rejection of `written`
 */
export async function* growingFile(path: string, written: Promise<unknown>): AsyncGenerator<Buffer> {
  let isWritten = false
  const end = written.then(
    () => (isWritten = true),
    () => (isWritten = true),
  )
  await using file = await open(path, 'r')
  for (;;) {
    // `written` is checked before each read, so that bytes written before its end are still read.
    const isLast = isWritten
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(pieceLength), 0, pieceLength)
    if (bytesRead > 0) yield buffer.subarray(0, bytesRead)
    else if (isLast) break
    else await Promise.race([end, delay(pollMs)])
  }
  await written
}
