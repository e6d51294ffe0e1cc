import type { HttpChunk } from '@peerpress/peer'
import type { CutChunk } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { ByteSource } from '../port-message.ts'
import type { PageLink, Supply } from './page-link.ts'

/** Bytes of one demand to the page: the maximum that a stopped player leaves unread. */
const windowSize = 4 * 1024 * 1024

/** A chunk and its source. */
export interface FlowChunk extends CutChunk {
  readonly source: ByteSource
}

/**
 * Yields chunks `first`..`last` in order, window by window: from the page while it has them, otherwise from the origin or a
 * mirror, and from the page again as soon as it has them. Throws if origin and mirrors fail too.
 */
export async function* chunkFlow(
  asset: Asset,
  { first, last, supply: begun }: { readonly first: number; readonly last: number; readonly supply: Supply },
  link: PageLink,
): AsyncGenerator<FlowChunk> {
  let supply: Supply | null = begun
  let origin: AsyncGenerator<HttpChunk> | undefined
  let next = first
  let silent = false
  try {
    while (next <= last) {
      const windowEnd = lastOfWindow(asset, next, last)
      if (next > first && !supply && !silent) supply = await link.ask(asset, { first: next, last: windowEnd })
      if (supply) {
        await origin?.return(undefined)
        origin = undefined
        for (; next <= windowEnd; next++) {
          const chunk = await supply.next()
          if (chunk?.index !== next) break
          yield chunk
        }
        supply.end()
        const { demand } = supply
        supply = null
        if (next > windowEnd) continue
        silent = true
        link.tell({ type: 'fallback', demand })
      }
      origin ??= link.fetch(asset, { first: next, last })
      for (; next <= windowEnd; next++) {
        const { value, done } = await origin.next()
        if (done) throw new Error('the origin has no more')
        yield value
      }
    }
  } finally {
    supply?.end()
    await origin?.return(undefined)
  }
}

/** Returns the last chunk of the window that begins with `first`. */
export function lastOfWindow(asset: Asset, first: number, last: number): number {
  return Math.min(last, first + Math.max(1, Math.floor(windowSize / asset.chunkSize)) - 1)
}
