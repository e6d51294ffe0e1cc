import type { ServerResponse } from 'node:http'
import { type Action, may, type Principal } from '@peerpress/accounts'
import { sendProblem } from './problem.ts'

/** Refuses a request whose principal may not do something. Returns whether it was refused. */
export function refuseUnless(
  response: ServerResponse,
  options: {
    readonly principal: Principal
    readonly action: Action
    readonly site: string | null
    /** Why the request may change nothing. @default it may */
    readonly mutationRefusal?: string | null
  },
): boolean {
  const { principal, action, site, mutationRefusal = null } = options
  if (principal.kind === 'nobody' || principal.kind === 'reader') {
    response.setHeader('WWW-Authenticate', 'Bearer')
    const detail = 'Sign in, or send a token as "Authorization: Bearer TOKEN".'
    sendProblem(response, { status: 401, code: 'unauthenticated', detail })
    return true
  }
  if (may(principal, action, site) && mutationRefusal === null) return false
  const detail = mutationRefusal ?? 'Your account or token does not permit this. Ask an owner of the site.'
  sendProblem(response, { status: 403, code: 'forbidden', detail })
  return true
}
