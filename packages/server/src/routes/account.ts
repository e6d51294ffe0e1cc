import { accountOf, type AccountServices, type BegunSession, type Principal } from '@peerpress/accounts'
import type { Registry } from '@peerpress/registry'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { accountProblem } from '../entry/account-problem.ts'
import type { Bodies } from '../entry/bodies.ts'
import { jsonIn, refuseForeign, refuseInsecure, requireJson } from '../entry/own-page.ts'
import { sendProblem } from '../entry/problem.ts'
import type { Senders } from '../entry/senders.ts'
import { clearSession, cookiesIn, sessionIn, setCookies } from '../entry/session-cookie.ts'
import type { AccountClient } from './begins-session.ts'
import { passkeyRoutes } from './passkeys.ts'
import { providerRoutes } from './provider.ts'
import { welcomeByOperator } from '../welcome-by-operator.ts'

/** bytes */
const maxBodyBytes = 16 * 1024

/**
 * The account of a browser. `GET /account` answers who the request acts for. `POST /account/sign-in` and `POST /account/first`
 * (an account from a welcome link) begin a session, as passkeys and identity providers do; `POST /account/sign-out` ends it.
 * Everything else about accounts is in the graph.
 */
export function accountRoutes(options: {
  readonly registry: Pick<Registry, 'accounts'>
  readonly accounts: AccountServices
  readonly isOperatorToken: (token: string) => Promise<boolean>
  readonly senders: Senders
  readonly bodies: Bodies
  readonly publicUrl: string | undefined
}): Router {
  const { registry, accounts, isOperatorToken, senders, bodies, publicUrl } = options
  const { signIn, welcoming } = accounts
  const router = Router()
  router.use('/account', (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })

  router.get('/account', async (request, response) => {
    const { principal } = await senders.senderOf(request)
    response.json(await described(principal))
  })

  router.post('/account/sign-out', refuseForeign(publicUrl), async (request, response) => {
    await signIn.signOut(sessionIn(request))
    clearSession(response)
    response.status(204).end()
  })

  router.post(
    ['/account/sign-in', '/account/first', '/account/passkey/*rest', '/account/provider/begin'],
    refuseForeign(publicUrl),
    refuseInsecure,
    requireJson,
    bodies.middleware(maxBodyBytes),
  )
  router.post(
    '/account/sign-in',
    begins((input, client) => signIn.signIn(input, client)),
  )
  router.post(
    '/account/first',
    begins(async (input, client) => {
      const account =
        (await welcomeByOperator(input, { welcoming, isOperatorToken, client })) ??
        (await welcoming.accept(input, client, client.signedIn))
      return signIn.begin({ account, proof: { way: 'link' } }, client)
    }),
  )
  router.use(passkeyRoutes({ accounts, senders, begins }), providerRoutes({ accounts, senders, publicUrl }))
  return router

  /** A handler that begins a session and answers its account. */
  function begins(begin: (input: unknown, client: AccountClient) => Promise<BegunSession>): RequestHandler {
    return async (request: Request, response: Response) => {
      const { network, principal: sender } = await senders.senderOf(request)
      try {
        const input = jsonIn(request.body as Buffer)
        const client = {
          network,
          ...cookiesIn(request),
          signedIn: accountOf(sender),
          request,
          response,
        }
        const begun = await begin(input, client)
        setCookies(response, begun)
        const principal = await accounts.credentials.principalOf({
          authorization: undefined,
          session: begun.token,
        })
        response.json(await described(principal))
      } catch (error) {
        sendProblem(response, accountProblem(error))
      }
    }
  }

  async function described(principal: Principal): Promise<object> {
    return {
      principal: describe(principal),
      firstStart: !(await registry.accounts.hasAdministrator()),
      provider: accounts.provider.name,
    }
  }
}

function describe(principal: Principal): object | null {
  if (principal.kind === 'nobody') return null
  const account = accountOf(principal)
  return {
    kind: principal.kind,
    id: account?.id ?? null,
    name: account?.name ?? null,
    email: account?.email ?? null,
    sites: principal.kind === 'account' ? [...principal.roles].map(([id, role]) => ({ id, role })) : [],
  }
}
