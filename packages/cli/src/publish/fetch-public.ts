import { maxPageSize } from '@peerpress/connectors'

/** ms of one request */
const timeout = 30_000

/** A response, with the body of a successful one. */
export interface PublicResponse {
  readonly status: number
  /** The `Content-Type` header; empty if there is none. */
  readonly contentType: string
  /** null if the request failed, or the body is longer than any page. */
  readonly body: Buffer | null
}

/**
 * Fetches what the public receives, past caches.
 * @throws if the connection fails
 */
export async function fetchPublic(url: string): Promise<PublicResponse> {
  const response = await fetch(url, {
    headers: { 'cache-control': 'no-cache' },
    signal: AbortSignal.timeout(timeout),
  })
  const { status } = response
  const contentType = response.headers.get('content-type') ?? ''
  const head = { status, contentType }
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    return { ...head, body: null }
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body) {
    size += piece.length
    if (size > maxPageSize) return { ...head, body: null }
    pieces.push(piece)
  }
  return { ...head, body: Buffer.concat(pieces) }
}
