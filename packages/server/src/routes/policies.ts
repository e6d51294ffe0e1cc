import { readAs } from '@peerpress/connectors'
import type { Publisher } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import { consentPolicies, modes } from '@peerpress/wire'
import { Router } from 'express'
import * as v from 'valibot'
import type { Bodies } from '../entry/bodies.ts'
import { sendProblem } from '../entry/problem.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes. The message has two words and an address. */
const maxPolicyBytes = 16 * 1024

const policySchema = v.object({ mode: v.picklist(modes), consent: v.picklist(consentPolicies) })

/**
 * `POST /v1/sites/:site/policy`: a signed message of the site's CMS, `{"home_url", "mode", "consent"}`, records the owner's
 * policy and answers it. Lines that it no longer admits are closed within a minute. A message that was signed before the
 * recorded one is refused: 409 `outdated`.
 */
export function policyRoutes(options: {
  readonly registry: Pick<Registry, 'sites'>
  readonly publisher: Pick<Publisher, 'readMessage'>
  readonly bodies: Bodies
}): Router {
  const { registry, publisher, bodies } = options
  const router = Router()
  router.post(
    '/v1/sites/:site/policy',
    bodies.middleware<{ site: string }>(maxPolicyBytes),
    signedMessage(async (signed, response) => {
      const { site, sentAt, content } = await publisher.readMessage(signed)
      const policy = readAs(policySchema, content)
      const outcome = await registry.sites.setPolicy(site.id, policy, sentAt)
      if (outcome !== 'recorded') {
        sendProblem(response, refusals[outcome])
        return
      }
      response.json(policy)
    }),
  )
  return router
}

const refusals = {
  outdated: {
    status: 409,
    code: 'outdated',
    detail:
      'A policy that was sent later is recorded. If this is the latest, the clock of the site was set back.',
  },
  'unknown-site': { status: 404, code: 'unknown-site', detail: 'The site was removed.' },
} as const
