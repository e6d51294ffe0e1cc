import { type Asset, chunkCount, chunkLength } from '@peerpress/wire'
import { audit } from './audit.ts'
import type { PageLink, Supply } from './page-link.ts'
import { fetchReadable, isFailure } from './plain-answer.ts'

/** Assets up to this many bytes are assembled before the page gets the first byte. */
export const maxWholeSize = 8 * 1024 * 1024

/**
 * Answers with the whole asset. Returns null if peers do not have it, or if the origin refuses what a mirror has sent. The asset is assembled first, so that the page can
 * still get the origin's answer if anything fails.
 */
export async function answerWhole(request: Request, asset: Asset, link: PageLink): Promise<Response | null> {
  const supply = await link.ask(asset, { first: 0, last: chunkCount(asset) - 1, whole: true })
  if (!supply) return null
  const body = await assemble(request, asset, { link, supply })
  if (!body) {
    link.tell({ type: 'fallback', demand: supply.demand })
    return null
  }
  link.tell({ type: 'answered', asset: asset.id, complete: true })
  return new Response(body, { headers: wholeHeaders(asset) })
}

/** Returns the headers of an answer with the whole asset. */
export function wholeHeaders({ type, size, disposition }: Asset): Record<string, string> {
  return {
    'Content-Type': type,
    'Content-Length': `${size}`,
    'Accept-Ranges': 'bytes',
    ...(disposition && { 'Content-Disposition': disposition }),
  }
}

async function assemble(
  request: Request,
  asset: Asset,
  { link, supply }: { readonly link: PageLink; readonly supply: Supply },
): Promise<Uint8Array<ArrayBuffer> | null> {
  const body = new Uint8Array(asset.size)
  let refusal: Promise<boolean> | undefined
  const chunks = new Map<number, NonNullable<Awaited<ReturnType<Supply['next']>>>>()
  while (chunks.size < chunkCount(asset)) {
    const chunk = await supply.next()
    if (!chunk || chunks.has(chunk.index) || !fits(asset, chunk)) {
      supply.end()
      return null
    }
    body.set(chunk.bytes, chunk.index * asset.chunkSize)
    chunks.set(chunk.index, chunk)
    if (chunk.source === 'mirror' && !link.isSaved) refusal ??= isRefused(request)
  }
  supply.end()
  if (await refusal) return null
  for (const { index, bytes, source } of chunks.values()) {
    const start = index * asset.chunkSize
    link.tell({ type: 'bytes', asset: asset.id, start, length: bytes.length, source })
    // The assembled bytes are audited, not the chunks, because a chunk in the wrong place would be wrong too.
    // A failed audit counts nothing: the page has verified the chunk.
    audit(link, asset, { index, bytes: body.subarray(start, start + bytes.length) }).catch(() => {})
  }
  return body
}

/** ms within which an origin can say that it refuses what a mirror has sent. */
const refusalTimeout = 2000

/** Whether the origin refuses a request, as opposed to failing: then a mirror's copy is not for this reader. */
async function isRefused(request: Request): Promise<boolean> {
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(refusalTimeout)])
    const { status, body } = await fetchReadable(new Request(request, { signal }))
    body?.cancel().catch(() => {})
    return status >= 400 && !isFailure(status)
  } catch {
    return false
  }
}

function fits(
  asset: Asset,
  { index, bytes }: { readonly index: number; readonly bytes: Uint8Array },
): boolean {
  return index >= 0 && index < chunkCount(asset) && bytes.length === chunkLength(asset, index)
}
