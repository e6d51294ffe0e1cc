import { readAs, readSignedMessage } from '@peerpress/connectors'
import { postPanel } from '@peerpress/editorial'
import type { Registry } from '@peerpress/registry'
import { postIdSchema } from '@peerpress/wire'
import { Router } from 'express'
import * as v from 'valibot'
import type { Bodies } from '../entry/bodies.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes. The message has an id and the site's home URL. */
const maxMessageBytes = 4 * 1024

const messageSchema = v.object({ post: postIdSchema })

/**
 * `POST /v1/sites/:site/panel` accepts a signed `{"home_url": …, "post": "12"}` and answers `{draft, brief}`: the draft that the post
 * comes from with what the gates said, and its brief. The CMS shows them to people who may edit the post.
 */
export function postPanelRoutes({
  registry,
  bodies,
}: {
  readonly registry: Pick<Registry, 'sites' | 'drafts' | 'draftPosts' | 'briefs'>
  readonly bodies: Bodies
}): Router {
  const router = Router()
  router.post(
    '/v1/sites/:site/panel',
    bodies.middleware<{ site: string }>(maxMessageBytes),
    signedMessage(async (signed, response) => {
      const { site, content } = await readSignedMessage(registry, signed)
      const { post } = readAs(messageSchema, content)
      response.set('Cache-Control', 'no-store')
      response.json(await postPanel(registry, site.id, post))
    }),
  )
  return router
}
