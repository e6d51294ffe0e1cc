import { mediaPath, type MediaFile } from './post.ts'

type CreateTorrent = (
  input: readonly (Buffer & { name?: string })[],
  options: Readonly<Record<string, unknown>>,
  done: (error: Error | null, torrent: Uint8Array) => void,
) => void

/** The post as one torrent: the origin is its web seed (BEP 19). */
export async function makeTorrent(
  files: readonly MediaFile[],
  { origin, announce }: { readonly origin: string; readonly announce: string },
): Promise<Buffer> {
  const module = new URL('../rivals/node_modules/create-torrent/index.js', import.meta.url)
  const { default: createTorrent } = (await import(module.href)) as { default: CreateTorrent }
  const input = files.map(({ name, bytes }) => Object.assign(Buffer.from(bytes), { name }))
  const options = { name: mediaPath.slice(1, -1), urlList: [`${origin}/`], announceList: [[announce]] }
  const torrent = await new Promise<Uint8Array>((resolve, reject) => {
    createTorrent(input, options, (error, made) => (error ? reject(error) : resolve(made)))
  })
  return Buffer.from(torrent)
}
