import type { Request, Response } from 'express'
import type { EncodedBody } from '../entry/encoded-bodies.ts'

/** Sends the compressed body if there is one and the client accepts it, or 304 if the client has the body. */
export function sendEncoded(request: Request, response: Response, { plain, gzip, etag }: EncodedBody): void {
  response.vary('Accept-Encoding').set('ETag', etag)
  if (hasMatch(request.get('If-None-Match'), etag)) response.status(304).end()
  else if (gzip === null || !request.acceptsEncodings('gzip')) response.send(plain)
  else response.set('Content-Encoding', 'gzip').send(gzip)
}

/**
 * Whether If-None-Match names the entity tag (RFC 9110 section 13.1.2). Express ignores it if the request has
 * `Cache-Control: no-cache`, which `fetch` adds to requests with this header.
 */
function hasMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '')
  return ifNoneMatch?.split(',').some((tag) => opaque(tag) === '*' || opaque(tag) === opaque(etag)) ?? false
}
