import { open, rename, rm } from 'node:fs/promises'
import { CliError } from '../cli-error.ts'

/** An export to download. */
export interface Download {
  readonly url: URL
  readonly token: string
  readonly file: string
  /** Called as bytes arrive. */
  readonly onProgress: (progress: { readonly views: number; readonly bytes: number }) => void
}

/** The first and last bytes of every Parquet file. */
const magic = 'PAR1'

/**
 * Downloads an export under a temporary name. It gets its own name when it is complete and on disk, so a file of that
 * name is always complete. Resolves to its numbers of views and bytes.
 * @throws {CliError} `server-unreachable`, `server-refused`, `export-broken`
 */
export async function downloadViews({ url, token, file, onProgress }: Download): Promise<{
  readonly views: number
  readonly bytes: number
}> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(
    (cause: unknown) => {
      throw new CliError('server-unreachable', `no server answers at ${url.origin}; name it with --server.`, {
        cause,
      })
    },
  )
  if (!response.ok || response.body === null) {
    const problem = (await response.json().catch(() => ({}))) as { detail?: string }
    throw new CliError('server-refused', problem.detail ?? `the server answered ${response.status}`)
  }
  const views = Number(response.headers.get('peerpress-views'))
  const partFile = `${file}.part`
  try {
    const bytes = await writePart(partFile, response.body, (written) => onProgress({ views, bytes: written }))
    await rename(partFile, file)
    return { views, bytes }
  } finally {
    await rm(partFile, { force: true })
  }
}

async function writePart(
  path: string,
  body: AsyncIterable<Uint8Array>,
  onWritten: (bytes: number) => void,
): Promise<number> {
  await using part = await open(path, 'w')
  let bytes = 0
  let end = Buffer.alloc(0)
  try {
    for await (const piece of body) {
      await part.writeFile(piece)
      bytes += piece.length
      end = Buffer.concat([end, piece]).subarray(-magic.length)
      onWritten(bytes)
    }
  } catch (cause) {
    throw new CliError('export-broken', 'the server broke the export off; its log says why', { cause })
  }
  if (end.toString('latin1') !== magic)
    throw new CliError('export-broken', 'the export is not whole; try again')
  await part.sync()
  return bytes
}
