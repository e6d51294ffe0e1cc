import type { Asset } from '@peerpress/wire'
import { readRange } from './byte-range.ts'
import type { PageLink } from './page-link.ts'
import { answerPlainly, isFailure } from './plain-answer.ts'
import { answerFromMirror, answerStreamed } from './streamed-answer.ts'
import { answerWhole, maxWholeSize } from './whole-answer.ts'

/** Returns the answer to a page's request for an asset of its manifest; null if only the origin can answer. */
export function answerRequest(request: Request, asset: Asset, link: PageLink): Promise<Response> | null {
  const range = readRange(request.headers.get('Range'), asset.size)
  if (range.kind === 'unsupported') return null
  if (range.kind === 'unsatisfiable') {
    const headers = { 'Content-Range': `bytes */${asset.size}` }
    return Promise.resolve(new Response(null, { status: 416, headers }))
  }
  link.tell({ type: 'taken', asset: asset.id, at: Date.now() })
  const partial = range.kind === 'part'
  const stretch = { ...(partial ? range : { start: 0, end: asset.size - 1 }), partial }
  return answerAsset()

  async function answerAsset(): Promise<Response> {
    const answering =
      !partial && asset.size <= maxWholeSize
        ? answerWhole(request, asset, link)
        : answerStreamed(asset, stretch, link)
    // If anything fails on the way to peers, the page gets the origin's answer.
    const fromPeers = await answering.catch(() => null)
    const fromMirror = () => answerFromMirror(asset, stretch, link)
    const known = fromPeers ?? (link.isSaved ? await fromMirror() : null)
    if (known) return known
    // The origin decides, unless it cannot answer.
    const answer = answerPlainly(request, asset, link)
    const response = await answer.catch(() => null)
    const isDown = response ? isFailure(response.status) : !request.signal.aborted
    return (isDown && (await fromMirror())) || answer
  }
}
