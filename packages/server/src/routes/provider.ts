import { AccountError, type AccountServices, ownerOf } from '@peerpress/accounts'
import { type Request, Router } from 'express'
import * as v from 'valibot'
import { accountProblem } from '../entry/account-problem.ts'
import { jsonIn } from '../entry/own-page.ts'
import { sendProblem } from '../entry/problem.ts'
import type { Senders } from '../entry/senders.ts'
import { challengeIn, clearChallenge, cookiesIn, setChallenge, setCookies } from '../entry/session-cookie.ts'
import { signedIn } from './passkeys.ts'

/** The path that the identity provider sends browsers back to. */
const callbackPath = '/account/provider/callback'

/** The dashboard's root from there: relative, because a proxy may serve this server under a path. */
const root = '../../'

const beginSchema = v.object({
  link: v.optional(v.boolean(), false),
  /** The path under which a proxy serves this server, with a slash at both ends: the page knows it, this server does not. */
  base: v.optional(
    v.pipe(v.string(), v.maxLength(200), v.regex(/^\/(?:[A-Za-z0-9_~-][A-Za-z0-9._~-]*\/)*$/)),
    '/',
  ),
})

/**
 * Sign-in by the identity provider. `POST begin` answers the address to go to: with `{"link": true}`, to link the provider to
 * the account that is signed in. The provider sends the browser back to `GET callback`, which goes on to the dashboard; the
 * query has the code of a problem.
 */
export function providerRoutes({
  accounts: { provider, signIn },
  senders,
  publicUrl,
}: {
  readonly accounts: Pick<AccountServices, 'provider' | 'signIn'>
  readonly senders: Senders
  readonly publicUrl: string | undefined
}): Router {
  const router = Router()
  router.post('/account/provider/begin', async (request, response) => {
    try {
      const input = v.safeParse(beginSchema, jsonIn(request.body as Buffer))
      if (!input.success)
        throw new AccountError('bad-input', 'Load the page again: this request is not as it should be.')
      const linking = input.output.link ? (await signedIn(senders, request)).owner : null
      const { network } = await senders.senderOf(request)
      const { base } = input.output
      const redirect = `${publicUrl ?? request.get('Origin')}${base.slice(0, -1)}${callbackPath}`
      const { url, token } = await provider.begin(redirect, { network, linking })
      setChallenge(response, token)
      response.json({ url })
    } catch (error) {
      sendProblem(response, accountProblem(error))
    }
  })
  router.get(callbackPath, async (request, response) => {
    clearChallenge(response)
    const { principal, network } = await senders.senderOf(request)
    const owner = ownerOf(principal)
    try {
      const client = { token: challengeIn(request), signedIn: owner }
      const outcome = await provider.finish(queryOf(request), client)
      if (outcome.kind === 'signed-in') {
        const begun = await signIn.begin(outcome.proven, { network, ...cookiesIn(request) })
        setCookies(response, begun)
      }
      response.redirect(303, outcome.kind === 'linked' ? `${root}you` : root)
    } catch (error) {
      const { code } = accountProblem(error)
      response.redirect(303, `${root}${owner === null ? 'sign-in' : 'you'}?problem=${code}`)
    }
  })
  return router
}

/** Returns the query of a request's address, with its `?`. */
function queryOf({ originalUrl }: Request): string {
  const start = originalUrl.indexOf('?')
  return start === -1 ? '?' : originalUrl.slice(start)
}
