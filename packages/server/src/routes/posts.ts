import { Router, raw } from 'express'
import { type Publisher, PublisherError, type PublisherErrorCode } from '@peerpress/publisher'
import { type Problem, sendProblem } from '../problem.ts'

/** A CMS's event is an id and an address; anything near this limit is not one. */
const maxEventBytes = 64 * 1024

/**
 * `POST /v1/sites/:site/events` takes signed CMS events (Standard Webhooks), answers 202;
 * `GET /v1/sites/:site/posts/:post/manifest` answers the signed manifest;
 * `GET|HEAD /v1/mirror/:asset` answers an asset by its id, with Range.
 */
export function postRoutes(publisher: Publisher): Router {
  const router = Router()

  router.post(
    '/v1/sites/:site/events',
    raw({ type: () => true, limit: maxEventBytes }),
    async (request, response) => {
      try {
        await publisher.receiveEvent({
          site: request.params.site,
          headers: request.headers,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
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
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-cache' })
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

function eventProblem({ code, message }: PublisherError): Problem {
  const statuses: Partial<Record<PublisherErrorCode, number>> = {
    'unknown-site': 404,
    'bad-signature': 401,
    stale: 401,
  }
  return { status: statuses[code] ?? 400, code, detail: message }
}
