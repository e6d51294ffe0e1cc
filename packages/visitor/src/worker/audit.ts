import { isChunk } from '@peerpress/peer'
import type { CutChunk } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { PageLink } from './page-link.ts'

/**
 * Hashes a chunk again after it was sent to the page, and counts it if it is wrong. The swarm engine verified it before.
 * This count measures whether that check works.
 */
export async function audit(link: PageLink, asset: Asset, chunk: CutChunk): Promise<void> {
  if (!(await isChunk(asset, chunk, crypto.subtle))) link.tell({ type: 'wrong', bytes: chunk.bytes.length })
}
