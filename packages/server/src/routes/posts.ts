import { readFile } from 'node:fs/promises'
import { type Request, type Response, Router } from 'express'
import { type Publisher, PublisherError } from '@peerpress/publisher'
import { snapshotType } from '@peerpress/registry'
import { encodeMirrors, mirrorsHeader } from '@peerpress/wire'
import type { Bodies } from '../entry/bodies.ts'
import { EncodedBodies, type EncodedBody } from '../encoded-bodies.ts'
import { messageProblem } from '../message-problem.ts'
import { type Problem, sendProblem } from '../problem.ts'
import { restoringProblem } from '../restoring-problem.ts'

/** A CMS's event is an id and an address; anything near this limit is not one. */
const maxEventBytes = 64 * 1024

/** Bytes of manifests and pages that are held in memory, ready to be sent: a hundred large posts. */
const maxHeldBytes = 64 * 1024 * 1024

/**
 * `POST /v1/sites/:site/events` takes signed CMS events (Standard Webhooks), answers 202;
 * `GET /v1/sites/:site/posts/:post/manifest` answers the signed manifest, and names the mirror's copies;
 * `GET|HEAD /v1/mirror/:asset` answers an asset by its id, with Range, and the page that a post has
 * now, whole.
 */
export function postRoutes({
  publisher,
  bodies,
  mirrors,
}: {
  readonly publisher: Publisher
  readonly bodies: Bodies
  readonly mirrors: readonly string[]
}): Router {
  const router = Router()
  const encoded = new EncodedBodies(maxHeldBytes)

  router.post(
    '/v1/sites/:site/events',
    bodies.middleware<{ site: string }>(maxEventBytes),
    async (request, response) => {
      try {
        await publisher.receiveEvent({
          site: request.params.site,
          headers: request.headers,
          body: request.body as Buffer,
        })
      } catch (error) {
        const problem = error instanceof PublisherError ? messageProblem(error) : undefined
        if (problem === undefined) throw error
        sendProblem(response, problem)
        return
      }
      response.status(202).json({ accepted: true })
    },
  )

  router.get('/v1/sites/:site/posts/:post/manifest', async (request, response) => {
    response.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': mirrorsHeader,
      'Cache-Control': 'no-cache',
      ...(mirrors.length > 0 && { [mirrorsHeader]: encodeMirrors(mirrors) }),
    })
    const { site, post } = request.params
    if (await publisher.isUnread(site, post)) {
      sendProblem(response, restoringProblem(post))
      return
    }
    const version = await publisher.manifestVersion(site, post)
    const load = async () => {
      const envelope = await publisher.manifest(site, post)
      return envelope === null ? null : Buffer.from(envelope)
    }
    const body =
      version === null ? null : await encoded.get({ key: `manifest ${site}/${post}`, version, load })
    if (body === null) {
      sendProblem(response, { status: 404, code: 'unknown-post', detail: 'This post is not published here.' })
      return
    }
    sendEncoded(request, response.type('application/json'), body)
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
    const asset = /^[0-9a-f]{64}$/.test(id) ? await publisher.asset(id) : null
    if (asset === null) {
      sendProblem(response, unknownAsset)
      return
    }
    if (asset.type === snapshotType) {
      const body = await encoded.get({ key: `page ${id}`, version: id, load: () => readIfThere(asset.path) })
      if (body === null) {
        sendProblem(response, unknownAsset)
        return
      }
      // It is for the page itself to keep: it opens as no page, and no search engine takes it for one. It goes when the
      // post changes, so nobody keeps it long for others.
      response.set({ 'Cache-Control': 'public, max-age=300', 'X-Robots-Tag': 'noindex' })
      sendEncoded(request, response.type('application/octet-stream'), body)
      return
    }
    response.type(asset.type)
    try {
      await sendFile(response, asset.path)
    } catch (error) {
      // Removed since it was looked up.
      if (!isMissing(error) || response.headersSent) throw error
      sendProblem(response, unknownAsset)
    }
  })

  return router
}

const unknownAsset: Problem = {
  status: 404,
  code: 'unknown-asset',
  detail: 'There is no such asset here.',
}

/** Sends a file that never changes; rejects when its client leaves as well. */
async function sendFile(response: Response, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    response.sendFile(path, { immutable: true, maxAge: '365d', dotfiles: 'allow' }, (error?: Error) => {
      if (error && !response.writableFinished) reject(error)
      else resolve()
    })
  })
}

/** null when the file was removed since it was looked up. */
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

/** Sends the body compressed if it is and the client takes it so, or 304 if the client has it. */
function sendEncoded(request: Request, response: Response, { plain, gzip, etag }: EncodedBody): void {
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
