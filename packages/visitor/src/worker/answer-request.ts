import type { Asset } from '@peerpress/wire'
import { readRange } from './byte-range.ts'
import type { PageLink } from './page-link.ts'
import { answerStreamed } from './streamed-answer.ts'
import { answerWhole, maxWholeSize } from './whole-answer.ts'

/** The answer to a page's request for an asset of its manifest; null when the origin alone can answer it. */
export function answerRequest(request: Request, asset: Asset, link: PageLink): Promise<Response> | null {
  const range = readRange(request.headers.get('Range'), asset.size)
  if (range.kind === 'unsupported') return null
  if (range.kind === 'unsatisfiable') {
    const headers = { 'Content-Range': `bytes */${asset.size}` }
    return Promise.resolve(new Response(null, { status: 416, headers }))
  }
  link.tell({ type: 'taken', asset: asset.id, at: Date.now() })
  if (range.kind === 'part')
    return answerStreamed(request, asset, { link, stretch: { ...range, partial: true } })
  if (asset.size <= maxWholeSize) return answerWhole(request, asset, link)
  return answerStreamed(request, asset, { link, stretch: { start: 0, end: asset.size - 1, partial: false } })
}
