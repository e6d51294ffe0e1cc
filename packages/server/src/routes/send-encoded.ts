import type { Request, Response } from 'express'
import type { EncodedBody } from '../entry/encoded-bodies.ts'

/** Sends the body compressed if it is and the client takes it so, or 304 if the client has it. */
export function sendEncoded(request: Request, response: Response, { plain, gzip, etag }: EncodedBody): void {
  response.vary('Accept-Encoding').set('ETag', etag)
  if (hasMatch(request.get('If-None-Match'), etag)) response.status(304).end()
  else if (gzip === null || !request.acceptsEncodings('gzip')) response.send(plain)
  else response.set('Content-Encoding', 'gzip').send(gzip)
}

/**
 * Whether If-None-Match names the entity tag (RFC 9110 section 13.1.2). Express would not look when the client asks caches
 * on the way to revalidate, as `fetch` does by itself when it is given this header.
 */
function hasMatch(ifNoneMatch: string | undefined, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '')
  return ifNoneMatch?.split(',').some((tag) => opaque(tag) === '*' || opaque(tag) === opaque(etag)) ?? false
}
