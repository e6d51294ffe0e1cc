import { decodeEnvelope, decodeManifest, type Manifest } from '@peerpress/wire'
import type { ServerProcess } from '../server/server-process.ts'

/** Returns the manifest that a server has of a post, decoded but not verified; undefined if it has none. */
export async function publishedManifest(
  server: Pick<ServerProcess, 'url'>,
  site: string,
  post: string,
): Promise<Manifest | undefined> {
  const response = await fetch(`${server.url}/v1/sites/${site}/posts/${post}/manifest`)
  const text = await response.text()
  return response.ok ? decodeManifest(decodeEnvelope(text).payload) : undefined
}
