import { bodyStart, ChunkCutter } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { ByteSource } from '../port-message.ts'
import type { PageLink } from './page-link.ts'
import { isPlayback } from './request-match.ts'

/**
 * Returns the origin's answer to the page's own request. Whole chunks in it are also sent to the leading page, which
 * verifies them and offers them to other readers. Rejects like the request itself.
 */
export async function answerPlainly(request: Request, asset: Asset, link: PageLink): Promise<Response> {
  const answered = (complete: boolean): void => link.tell({ type: 'answered', asset: asset.id, complete })
  let response: Response
  try {
    response = await fetchReadable(request)
  } catch (cause) {
    // The page has cancelled the request.
    answered(request.signal.aborted)
    throw cause
  }
  const start = bodyStart(response, asset.size)
  if (start === null || !response.body || response.redirected) {
    answered(response.status < 400)
    return isPlayback(request) ? ownResponse(response) : response
  }
  const { status, statusText, headers } = response
  return new Response(tapped(response.body, start), { status, statusText, headers })

  function tapped(body: ReadableStream<Uint8Array>, begin: number): ReadableStream<Uint8Array> {
    const reader = body.getReader()
    const cutter = new ChunkCutter(asset, begin)
    let length = 0
    const finish = (complete: boolean): void => {
      link.tell({ type: 'bytes', asset: asset.id, start: begin, length, source: sourceOf(asset.url) })
      answered(complete)
    }
    const offer = (part: Uint8Array): void => {
      try {
        for (const chunk of cutter.push(part)) link.tell({ type: 'chunk', asset: asset.id, ...chunk })
      } catch {
        // Bytes that cannot be offered to others still reach the page.
      }
    }
    return new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          try {
            const { done, value } = await reader.read()
            if (done) {
              finish(true)
              controller.close()
              return
            }
            length += value.length
            offer(value)
            controller.enqueue(value)
          } catch (cause) {
            finish(request.signal.aborted)
            controller.error(cause)
          }
        },
        async cancel(reason) {
          finish(true)
          await reader.cancel(reason)
        },
      },
      { highWaterMark: 0 },
    )
  }
}

/** Whether an origin that answers with this status cannot answer: its word is not final, as that of a refusal is. */
export function isFailure(status: number): boolean {
  return status >= 500 || status === 429
}

/** Origins that refused a request with CORS. */
const refusing = new Set<string>()

/**
 * Fetches the request with CORS, so that an answer of another origin can be read. Elements request without CORS, which makes
 * their answers opaque. Manifests only list assets that their origin allows pages to read.
 */
export async function fetchReadable(request: Request): Promise<Response> {
  const { origin } = new URL(request.url)
  if (request.mode === 'no-cors' && origin !== location.origin && !refusing.has(origin)) {
    try {
      return await fetch(new Request(request, { mode: 'cors', credentials: 'omit' }))
    } catch {
      if (!request.signal.aborted) refusing.add(origin)
    }
  }
  return fetch(request)
}

/**
 * Returns the same answer as a response that the worker made. A player's other answers for this asset are such responses,
 * and a player that gets both kinds fails. An opaque answer is returned unchanged, because its body cannot be read.
 */
export function ownResponse(response: Response): Response {
  if (response.status === 0) return response
  const { body, status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}

/** Returns whether the worker's latest request for this URL used the network, by its Resource Timing entry. */
function sourceOf(url: string): ByteSource {
  const entry = performance.getEntriesByName(url).at(-1) as PerformanceResourceTiming | undefined
  // The buffer holds 250 entries. Later entries are dropped.
  performance.clearResourceTimings()
  return entry && entry.encodedBodySize > 0 && entry.transferSize < entry.encodedBodySize ? 'cache' : 'origin'
}
