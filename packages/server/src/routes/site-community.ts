import {
  type Community,
  CommunityError,
  type CommunityErrorCode,
  feedPath,
  postPath,
} from '@peerpress/community'
import { readAs, type SignedMessage } from '@peerpress/connectors'
import type { Publisher } from '@peerpress/publisher'
import { postIdSchema, type SiteId } from '@peerpress/wire'
import { type Response, Router } from 'express'
import * as v from 'valibot'
import type { Bodies } from '../entry/bodies.ts'
import { sendProblem } from '../entry/problem.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes. A message has the site's home URL and at most one post. */
const maxMessageBytes = 4 * 1024

const postSchema = v.object({ post: postIdSchema })
const optionalPostSchema = v.object({ post: v.optional(postIdSchema) })

/**
 * The community for a site's CMS, by signed messages. `POST /v1/sites/:site/community` answers the site's membership, its standing
 * and the state of one post. `…/community/join` proves the domain, `…/community/leave` ends the membership, `…/community/share`
 * shares `{"post": …}`. All of them answer the state after it.
 */
export function siteCommunityRoutes({
  publisher,
  bodies,
  community,
  publicUrl,
}: {
  readonly publisher: Pick<Publisher, 'readMessage'>
  readonly bodies: Bodies
  readonly community: Community
  readonly publicUrl: () => string
}): Router {
  const router = Router()
  const path = '/v1/sites/:site/community'
  const body = bodies.middleware<{ site: string }>(maxMessageBytes)

  const answer = async (response: Response, site: SiteId, post: string | undefined) => {
    const { feed } = community
    const [membership, shared] = await Promise.all([
      feed.membership(site),
      post === undefined ? null : feed.find(site, post),
    ])
    response.set('Cache-Control', 'no-store')
    response.json({
      feed: `${new URL(publicUrl()).origin}${feedPath}`,
      member: membership && {
        name: membership.label.shown.text,
        joinedAt: membership.joinedAt,
        expiresAt: membership.expiresAt,
        problem: membership.problem,
        trust: membership.trust,
        isBanned: membership.isBanned,
      },
      post: shared && {
        id: shared.post.id,
        url: `${new URL(publicUrl()).origin}${postPath(shared.post.id)}`,
        upVotes: shared.score.upVotes,
        downVotes: shared.score.downVotes,
        isShown: shared.post.isPublic && !shared.isHidden,
      },
    })
  }
  const route = (ending: string, act: (message: Message) => Promise<string | undefined>) =>
    router.post(
      `${path}${ending}`,
      body,
      signedMessage(async (signed: SignedMessage, response) => {
        const { site, content } = await publisher.readMessage(signed)
        await refusing(response, async () => {
          await answer(response, site.id, await act({ site: site.id, content }))
        })
      }),
    )

  route('', async ({ content }) => readAs(optionalPostSchema, content).post)
  route('/join', async ({ site }) => {
    await community.members.join(site)
    return undefined
  })
  route('/leave', async ({ site }) => {
    await community.members.leave(site)
    return undefined
  })
  route('/share', async ({ site, content }) => {
    const { post } = readAs(postSchema, content)
    await community.shares.share(site, post)
    return post
  })
  return router
}

interface Message {
  readonly site: SiteId
  readonly content: unknown
}

const statuses: Partial<Record<CommunityErrorCode, number>> = {
  'too-many': 429,
  'already-shared': 409,
  'not-member': 409,
  'not-published': 409,
  banned: 403,
}

/** Answers a refusal of the community as a problem. */
async function refusing(response: Response, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof CommunityError)) throw error
    const { code, message } = error
    sendProblem(response, { status: statuses[code] ?? 400, code, detail: message })
  }
}
