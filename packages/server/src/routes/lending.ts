import {
  CommunityError,
  type CommunityLending,
  type LendingErrorCode,
  maxSignedLength,
} from '@peerpress/community'
import type { Registry } from '@peerpress/registry'
import type { Tracker } from '@peerpress/tracker'
import { type Request, type Response, Router } from 'express'
import type { Bodies } from '../entry/bodies.ts'
import type { ClientAddress } from '../entry/client-address.ts'
import { sendProblem } from '../entry/problem.ts'
import type { Senders } from '../entry/senders.ts'
import { isSeedOf } from '../seed-access.ts'

const statusOf: Readonly<Record<LendingErrorCode, number>> = {
  'bad-signature': 401,
  expired: 401,
  replayed: 409,
  unknown: 404,
  refused: 403,
  revoked: 403,
  'not-public': 404,
  'day-quota': 429,
}

export interface LendingRoutesOptions {
  readonly registry: Registry
  readonly lending: CommunityLending
  readonly tracker: Pick<Tracker, 'issueTicket'>
  readonly senders: Senders
  readonly bodies: Bodies
  readonly clientAddress: ClientAddress
}

/**
 * Routes of lent seeds. Each body is a DSSE envelope that the seed's durable key has signed.
 * `POST /v1/lending/offers` accepts an offer, with a seed token of its owner's site as bearer: `{"offer": …}`, signed by both.
 * `POST /v1/lending/assignments` answers the posts to store: `{"lease": ms, "posts": [{site, post, page, grant}]}`.
 * `POST /v1/lending/tickets` answers `{"ticket": "…"}` for the swarm of a granted, public post.
 */
export function lendingRoutes(options: LendingRoutesOptions): Router {
  const { registry, lending, tracker, senders, bodies, clientAddress } = options
  const router = Router()
  const post = (path: string, answer: (text: string, request: Request) => Promise<object>): void => {
    router.post(path, bodies.middleware(maxSignedLength), async (request, response) => {
      response.set('Cache-Control', 'no-store')
      try {
        response.json(await answer(textOf(request.body), request))
      } catch (error) {
        if (!isRefusal(error)) throw error
        refuse(response, error)
      }
    })
  }
  post('/v1/lending/offers', async (text, request) => {
    const { principal } = await senders.senderOf(request)
    const authorization = request.get('Authorization')
    const isOwner = (site: string) => isSeedOf(site, { principal, authorization }, registry)
    return { offer: await lending.receiveOffer(text, isOwner) }
  })
  post('/v1/lending/assignments', (text) => lending.assignment(text))
  post('/v1/lending/tickets', async (text, request) => {
    const admission = await lending.admit(text)
    const address = clientAddress(request)
    return { ticket: await tracker.issueTicket({ ...admission, address, isSeed: true }) }
  })
  return router
}

type Refusal = CommunityError & { readonly code: LendingErrorCode }

function isRefusal(error: unknown): error is Refusal {
  return error instanceof CommunityError && Object.hasOwn(statusOf, error.code)
}

function refuse(response: Response, { code, message }: Refusal): void {
  if (code === 'day-quota') response.set('Retry-After', '3600')
  sendProblem(response, { status: statusOf[code], code, detail: message })
}

function textOf(body: unknown): string {
  return Buffer.isBuffer(body) ? body.toString() : ''
}
