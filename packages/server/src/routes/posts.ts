import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Request, type Response, Router } from 'express'
import { type Publisher, PublisherError, type PublisherErrorCode } from '@peerpress/publisher'
import { snapshotType } from '@peerpress/registry'
import { encodeMirrors, mirrorsHeader } from '@peerpress/wire'
import type { Bodies } from '../entry/bodies.ts'
import { type Problem, sendProblem } from '../problem.ts'

/** A CMS's event is an id and an address; anything near this limit is not one. */
const maxEventBytes = 64 * 1024

const compress = promisify(gzip)

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
        const problem = error instanceof PublisherError ? eventProblem(error) : undefined
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
    const envelope = await publisher.manifest(request.params.site, request.params.post)
    if (envelope === null) {
      sendProblem(response, { status: 404, code: 'unknown-post', detail: 'This post is not published here.' })
      return
    }
    response.type('application/json').send(envelope)
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
    const asset = /^[0-9a-f]{64}$/.test(request.params.asset)
      ? await publisher.asset(request.params.asset)
      : null
    if (asset === null) {
      sendProblem(response, { status: 404, code: 'unknown-asset', detail: 'There is no such asset here.' })
      return
    }
    if (asset.type === snapshotType) {
      await sendSnapshot(request, response, asset.path)
      return
    }
    response.type(asset.type)
    await new Promise<void>((resolve, reject) => {
      response.sendFile(
        asset.path,
        { immutable: true, maxAge: '365d', dotfiles: 'allow' },
        (error?: Error) => {
          // A reader who went away in the middle is no failure of ours.
          if (error && !response.headersSent) reject(error)
          else resolve()
        },
      )
    })
  })

  return router
}

/**
 * A page's copy is for the page itself to keep: it opens as no page, and no search engine takes it for one. It goes when
 * the post changes, so nobody keeps it long for others.
 */
async function sendSnapshot(request: Request, response: Response, path: string): Promise<void> {
  const html = await readFile(path)
  response.set({ 'Cache-Control': 'public, max-age=300', 'X-Robots-Tag': 'noindex' })
  response.vary('Accept-Encoding')
  response.type('application/octet-stream')
  if (request.acceptsEncodings('gzip')) response.set('Content-Encoding', 'gzip').send(await compress(html))
  else response.send(html)
}

function eventProblem({ code, message }: PublisherError): Problem {
  const statuses: Partial<Record<PublisherErrorCode, number>> = {
    'unknown-site': 404,
    'bad-signature': 401,
    stale: 401,
  }
  return { status: statuses[code] ?? 400, code, detail: message }
}
