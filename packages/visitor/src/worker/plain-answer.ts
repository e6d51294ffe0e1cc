import { bodyStart, ChunkCutter } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import type { ByteSource } from '../port-message.ts'
import type { PageLink } from './page-link.ts'
import { isPlayback } from './request-match.ts'

/**
 * The origin's own answer to the page's own request. What of it are whole chunks is handed to the page on the
 * way, to be verified and offered to others. Rejects as the request itself would.
 */
export async function answerPlainly(request: Request, asset: Asset, link: PageLink): Promise<Response> {
  const answered = (complete: boolean): void => link.tell({ type: 'answered', asset: asset.id, complete })
  let response: Response
  try {
    response = await fetchReadable(request)
  } catch (cause) {
    // The page does not want it any more.
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
        // What cannot be offered to others reaches the page all the same.
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

/** Origins that refused a request with CORS. */
const refusing = new Set<string>()

/**
 * Fetches as the request says, but so that the answer of another origin can be read: elements ask for it without CORS, and
 * their answers are opaque. Manifests list what their origin allows pages to read.
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
 * The same answer as a response that the worker made: what a player gets otherwise of this asset are such responses,
 * and it mixes the two kinds only to fail. An opaque one cannot be made.
 */
export function ownResponse(response: Response): Response {
  if (response.status === 0) return response
  const { body, status, statusText, headers } = response
  return new Response(body, { status, statusText, headers })
}

/** Whether the worker's latest request for this URL went over the network, by its Resource Timing entry. */
function sourceOf(url: string): ByteSource {
  const entry = performance.getEntriesByName(url).at(-1) as PerformanceResourceTiming | undefined
  // The buffer holds 250 entries and then takes no more.
  performance.clearResourceTimings()
  return entry && entry.encodedBodySize > 0 && entry.transferSize < entry.encodedBodySize ? 'cache' : 'origin'
}
