import { AccountError, type AccountServices, ownerOf } from '@peerpress/accounts'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { accountProblem } from '../entry/account-problem.ts'
import { jsonIn } from '../entry/own-page.ts'
import { sendProblem } from '../entry/problem.ts'
import type { Senders } from '../entry/senders.ts'
import { challengeIn, clearChallenge, setChallenge } from '../entry/session-cookie.ts'
import type { BeginsSession } from './begins-session.ts'

/**
 * Passkeys. `begin` and `add-begin` answer a challenge as the JSON options of `navigator.credentials`; `sign-in` and `add` take
 * what the browser made of it. The caller has checked that the page is the server's own.
 */
export function passkeyRoutes({
  accounts: { passkeys, signIn },
  senders,
  begins,
}: {
  readonly accounts: Pick<AccountServices, 'passkeys' | 'signIn'>
  readonly senders: Senders
  readonly begins: BeginsSession
}): Router {
  const router = Router()
  router.post(
    '/account/passkey/begin',
    answers(async (request, response) => {
      const { network } = await senders.senderOf(request)
      const { options, token } = await passkeys.beginSignIn({ origin: originIn(request), network })
      setChallenge(response, token)
      return options
    }),
  )
  router.post(
    '/account/passkey/sign-in',
    begins(async (input, client) => {
      const { request, response } = client
      clearChallenge(response)
      const page = { origin: originIn(request), token: challengeIn(request) }
      return signIn.begin(await passkeys.signIn(input, page), client)
    }),
  )
  router.post(
    '/account/passkey/add-begin',
    answers(async (request, response) => {
      const { network, owner } = await signedIn(senders, request)
      const { options, token } = await passkeys.beginAdding(owner, { origin: originIn(request), network })
      setChallenge(response, token)
      return options
    }),
  )
  router.post(
    '/account/passkey/add',
    answers(async (request, response) => {
      const { owner } = await signedIn(senders, request)
      clearChallenge(response)
      const page = { origin: originIn(request), token: challengeIn(request) }
      const { id, name } = await passkeys.add(owner, jsonIn(request.body as Buffer), page)
      return { id, name }
    }),
  )
  return router
}

/** The origin of the page, which `refuseForeign` has checked. */
function originIn(request: Request): string {
  return request.get('Origin') ?? ''
}

/** Returns the account of a session. @throws {AccountError} `not-signed-in` */
export async function signedIn(senders: Senders, request: Request) {
  const { principal, network } = await senders.senderOf(request)
  const owner = ownerOf(principal)
  if (owner === null) throw new AccountError('not-signed-in', 'Sign in first.')
  return { network, owner }
}

/** A handler that answers JSON, or the problem of a refusal. */
function answers(answer: (request: Request, response: Response) => Promise<object>): RequestHandler {
  return async (request, response) => {
    try {
      response.json(await answer(request, response))
    } catch (error) {
      sendProblem(response, accountProblem(error))
    }
  }
}
