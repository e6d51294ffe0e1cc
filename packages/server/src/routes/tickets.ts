import {
  consentPolicies,
  isAdmitted,
  isLooser,
  modes,
  type Policy,
  postIdSchema,
  seedPolicy,
  siteIdSchema,
} from '@peerpress/wire'
import type { Publisher } from '@peerpress/publisher'
import type { Registry, Site } from '@peerpress/registry'
import type { Tracker } from '@peerpress/tracker'
import { type Request, Router } from 'express'
import * as v from 'valibot'
import type { ClientAddress } from '../entry/client-address.ts'
import type { Senders } from '../entry/senders.ts'
import { sendProblem } from '../entry/problem.ts'
import { restoringProblem } from '../entry/restoring-problem.ts'
import { isSeedOf } from '../seed-access.ts'
import { SiteLeases } from '../site-leases.ts'

const querySchema = v.object({
  site: siteIdSchema,
  post: postIdSchema,
  meet: v.optional(v.picklist(['anybody', 'seeds']), 'anybody'),
  mode: v.optional(v.picklist(modes)),
  consent: v.optional(v.picklist(consentPolicies)),
})
type TicketQuery = v.InferOutput<typeof querySchema>

/**
 * `GET /v1/ticket?site=&post=&meet=&mode=&consent=`: permission to join the swarm of a post, for pages of the site's own origins
 * and for seeds with the site's seed token. Answers `{"ticket": "…", "lease": "…"}`: the lease lets the site's service worker
 * stay in this reader's browser. With `meet=seeds` the reader is introduced to seeds alone. `mode` and `consent` are the policy
 * in the page, which may be weeks old: 403 `policy-changed` if the recorded policy is stricter. A restored post that was not
 * read from its site yet has no swarm: 503.
 */
export function ticketRoutes(options: {
  readonly registry: Registry
  readonly publisher: Pick<Publisher, 'isUnread'>
  readonly tracker: Pick<Tracker, 'issueTicket'>
  readonly senders: Senders
  readonly clientAddress: ClientAddress
}): Router {
  const { registry, publisher, tracker, senders, clientAddress } = options
  const leases = new SiteLeases(registry)
  const router = Router()
  /** Pages of the site send no credentials, so they cost no look at the registry. */
  const isFromSeed = async (request: Request, site: string): Promise<boolean> => {
    const authorization = request.get('Authorization')
    if (authorization === undefined) return false
    const { principal } = await senders.senderOf(request)
    return isSeedOf(site, { principal, authorization }, registry)
  }
  router.get('/v1/ticket', async (request, response) => {
    response.set({ Vary: 'Origin', 'Cache-Control': 'no-store' })
    const query = v.safeParse(querySchema, request.query)
    if (!query.success) {
      sendProblem(response, {
        status: 400,
        code: 'invalid',
        detail:
          'Give the site and the post as ?site=…&post=…, with &mode=full, seeds-only or off, &consent=assumed, notice or required, and &meet=seeds or anybody if any.',
      })
      return
    }
    const { site: siteId, post: postId } = query.output
    const site = await registry.sites.get(siteId)
    const origin = request.get('Origin')
    if (site === null) {
      sendProblem(response, { status: 404, code: 'unknown-site', detail: `There is no site ${siteId} here.` })
      return
    }
    const isSeed = await isFromSeed(request, siteId)
    if (!isSeed && (origin === undefined || !site.origins.includes(origin))) {
      sendProblem(response, {
        status: 403,
        code: 'wrong-origin',
        detail: 'Tickets are for pages of the site itself, and for its seeds.',
      })
      return
    }
    if (!isSeed) response.set('Access-Control-Allow-Origin', origin)
    if (site.disconnectedAt !== null) {
      sendProblem(response, {
        status: 403,
        code: 'disconnected',
        detail: `The site ${siteId} has disconnected from this server.`,
      })
      return
    }
    const policy = isSeed ? seedPolicy : policyOf(query.output, site)
    if (!isAdmitted(policy, site)) {
      sendProblem(response, {
        status: 403,
        code: 'policy-changed',
        detail: `The site's policy is ${site.mode}, ${site.consent}: stricter than what this page says.`,
      })
      return
    }
    const post = await registry.posts.summary(siteId, postId)
    if (post === null || post.revoked) {
      sendProblem(response, {
        status: 404,
        code: 'unknown-post',
        detail: `Post ${postId} is not published here.`,
      })
      return
    }
    if (await publisher.isUnread(siteId, postId)) {
      sendProblem(response, restoringProblem(postId))
      return
    }
    const address = clientAddress(request)
    response.json({
      lease: await leases.issue(site, Date.now()),
      ticket: await tracker.issueTicket({
        site: siteId,
        post: postId,
        address,
        isSeed,
        seedsOnly: !isSeed && policy.mode === 'seeds-only',
        policy,
      }),
    })
  })
  return router
}

/** Returns the policy that the page states. Pages and scripts of release 0.1 state `meet` alone. */
function policyOf({ mode, consent, meet }: TicketQuery, { unstated }: Site): Policy {
  const stated: Policy = { mode: mode ?? unstated.mode, consent: consent ?? unstated.consent }
  const seedsOnly: Policy = { ...stated, mode: 'seeds-only' }
  return meet === 'seeds' && isLooser(stated, seedsOnly) ? seedsOnly : stated
}
