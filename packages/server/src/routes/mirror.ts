import { readFile } from 'node:fs/promises'
import { type Request, type Response, Router } from 'express'
import type { AssetFile, Publisher } from '@peerpress/publisher'
import { snapshotType } from '@peerpress/registry'
import type { EncodedBodies } from '../entry/encoded-bodies.ts'
import { type Problem, sendProblem } from '../entry/problem.ts'
import { parseByteRange } from './byte-range.ts'
import { sendEncoded } from './send-encoded.ts'

/** How long caches may use an asset without a request, s. A revoked or replaced asset leaves them within a day. */
const assetMaxAge = 24 * 3600

/**
 * `GET|HEAD /v1/mirror/:asset` answers an asset by its id, with Range, or the current page of a post, always whole; 410 for an
 * asset that some post had and no post has now.
 */
export function mirrorRoutes({
  publisher,
  encoded,
}: {
  readonly publisher: Publisher
  readonly encoded: EncodedBodies
}): Router {
  const router = Router()

  // Browsers from before 2022, and Firefox 115, send a preflight before a request with Range.
  router.options('/v1/mirror/:asset', (_request, response) => {
    response
      .status(204)
      .set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'GET, HEAD',
        'Access-Control-Allow-Headers': 'Range',
        'Access-Control-Max-Age': '86400',
      })
      .end()
  })

  router.get('/v1/mirror/:asset', async (request, response) => {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Content-Range, Content-Length, ETag',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      // An SVG opened by itself may hold scripts; here it must stay a picture.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    })
    const { asset: id } = request.params
    const isId = /^[0-9a-f]{64}$/.test(id)
    const asset = isId ? await publisher.asset(id) : null
    if (asset === null) {
      sendProblem(response, isId && (await publisher.isReleased(id)) ? releasedAsset : unknownAsset)
      return
    }
    if (asset.type === snapshotType) {
      const body = await encoded.get({ key: `page ${id}`, version: id, load: () => readIfThere(asset.path) })
      if (body === null) {
        sendProblem(response, unknownAsset)
        return
      }
      // The post's own page stores this copy: browsers do not render it, and search engines do not index it. It is removed
      // when the post changes, so shared caches may use it for a short time only.
      response.set({ 'Cache-Control': 'public, max-age=300', 'X-Robots-Tag': 'noindex' })
      sendEncoded(request, response.type('application/octet-stream'), body)
      return
    }
    // A strong tag: the id is a hash of the bytes, so it is the same on every server.
    response.type(asset.type).set('ETag', `"${id}"`)
    keepRange(request, asset, `"${id}"`)
    try {
      await sendFile(response, asset.path)
    } catch (error) {
      const problem = problemOf(error)
      if (problem === null || response.headersSent) throw error
      sendProblem(response, problem)
    }
  })

  return router
}

const unknownAsset: Problem = {
  status: 404,
  code: 'unknown-asset',
  detail: 'There is no such asset here.',
}

const releasedAsset: Problem = {
  status: 410,
  code: 'released-asset',
  detail: 'No post has this asset any more.',
}

/** Returns the answer to a request whose file could not be sent; null if the request did not cause the error. */
function problemOf(error: unknown): Problem | null {
  // The file was removed after it was looked up.
  if (isMissing(error)) return unknownAsset
  switch ((error as { readonly status?: unknown }).status) {
    case 412:
      return { status: 412, code: 'precondition-failed', detail: 'The asset is another one.' }
    case 416:
      return { status: 416, code: 'unsatisfiable-range', detail: 'The asset has no such bytes.' }
    default:
      return null
  }
}

/**
 * Replaces the Range header by the one range that is answered, so that the file sender reads it as this server does. If-Range
 * matches by the strong tag alone (RFC 9110 section 13.1.5).
 */
function keepRange(request: Request, { size }: AssetFile, etag: string): void {
  const { range: asked, 'if-range': condition } = request.headers
  delete request.headers.range
  delete request.headers['if-range']
  if (asked === undefined || request.method !== 'GET' || (condition !== undefined && condition !== etag))
    return
  const range = parseByteRange(asked, size)
  if (range === 'unsatisfiable') request.headers.range = `bytes=${size}-`
  else if (range !== null) request.headers.range = `bytes=${range.start}-${range.end}`
}

/** Sends a file that never changes. Rejects also if the client leaves. */
async function sendFile(response: Response, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const options = {
      immutable: true,
      maxAge: assetMaxAge * 1000,
      lastModified: false,
      dotfiles: 'allow',
    } as const
    response.sendFile(path, options, (error?: Error) => {
      if (error && !response.writableFinished) reject(error)
      else resolve()
    })
  })
}

/** Reads a file; null if it was removed after it was looked up. */
async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
