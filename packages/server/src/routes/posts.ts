import { Router } from 'express'
import type { Publisher } from '@peerpress/publisher'
import { encodeMirrors, mirrorsHeader } from '@peerpress/wire'
import type { Bodies } from '../entry/bodies.ts'
import { EncodedBodies } from '../entry/encoded-bodies.ts'
import { sendProblem } from '../entry/problem.ts'
import { restoringProblem } from '../entry/restoring-problem.ts'
import { signedMessage } from '../entry/signed-message.ts'
import { mirrorRoutes } from './mirror.ts'
import { sendEncoded } from './send-encoded.ts'

/** bytes. An event has an id and an address. A batch of 100 with addresses of usual length takes half of this. */
const maxEventBytes = 64 * 1024

/** Bytes of manifests and pages that are cached in memory: a hundred large posts. */
const maxHeldBytes = 64 * 1024 * 1024

/**
 * `POST /v1/sites/:site/events` accepts signed CMS events (Standard Webhooks), one or a batch, with 202.
 * `GET /v1/sites/:site/posts/:post/manifest` answers the signed manifest and names the mirror's copies. The mirror's routes
 * are included.
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
    signedMessage(async (signed, response) => {
      const { isBatch, ...receipt } = await publisher.receiveEvents(signed)
      response.status(202).json(isBatch ? receipt : { accepted: true })
    }),
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

  router.use(mirrorRoutes({ publisher, encoded }))

  return router
}
