import type { RequestHandler } from 'express'
import { type Problem, sendProblem } from './problem.ts'
import { isSecureOrigin, originOf } from './request-origin.ts'

/** Refuses requests of pages that are not this server's own. */
export function refuseForeign(publicUrl: string | undefined): RequestHandler {
  return (request, response, next) => {
    if (originOf(request, publicUrl) === 'own') next()
    else sendProblem(response, foreignOrigin)
  }
}

/** Refuses what would show a secret on the way. */
export const refuseInsecure: RequestHandler = (request, response, next) => {
  if (isSecureOrigin(request)) next()
  else sendProblem(response, insecure)
}

/** A browser sends JSON to another origin only after a preflight request, which is not answered. */
export const requireJson: RequestHandler = (request, response, next) => {
  if (request.is('application/json') !== false) next()
  else {
    const detail = 'Send the request as application/json.'
    sendProblem(response, { status: 415, code: 'not-json', detail })
  }
}

const foreignOrigin: Problem = {
  status: 403,
  code: 'foreign-origin',
  detail:
    'This is for pages of this server alone: the Origin header has another address. If this is its public address, set PEERPRESS_PUBLIC_URL to it. Programs use an API token.',
}

const insecure: Problem = {
  status: 403,
  code: 'insecure',
  detail:
    'Signing in over plain HTTP would show the password to everybody on the way. Open the server by its https address, or on its own machine as http://localhost.',
}

/** Parses a JSON text; undefined for any other text. */
export function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}
