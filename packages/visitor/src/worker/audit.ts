import type { Asset } from '@peerpress/wire'
import { isChunk } from '../chunk-hash.ts'
import type { PageLink } from './page-link.ts'

/**
 * Hashes a chunk again after the page got it, and counts it when it is wrong. The swarm engine verified it
 * already: this is the measured proof that the engine's own check cannot be.
 */
export async function audit(
  link: PageLink,
  asset: Asset,
  { index, bytes }: { readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  if (!(await isChunk(asset, index, bytes))) link.tell({ type: 'wrong', bytes: bytes.length })
}
