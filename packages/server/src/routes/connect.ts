import { accountOf, type AccountServices, may } from '@peerpress/accounts'
import { encodeBase64Url } from '@peerpress/wire'
import { isPrivateHost } from '@peerpress/wire/public-address'
import type { Publisher } from '@peerpress/publisher'
import { type Registry, RegistryError } from '@peerpress/registry'
import { type Request, type Response, Router } from 'express'
import * as v from 'valibot'
import { type ConnectApplication, findApplication } from '../connect/connect-application.ts'
import { type Approver, findApprover } from '../connect/find-approver.ts'
import { connectPage, connectPagePolicy, connectProblemPage } from '../connect/connect-page.ts'
import type { ConnectRequest } from '../connect/connect-request.ts'
import type { Bodies } from '../entry/bodies.ts'
import type { Senders } from '../entry/senders.ts'
import { sendProblem } from '../entry/problem.ts'

/** Limits of the form and of the proof that a site sends, bytes. */
const maxFormBytes = 16 * 1024
const maxProofBytes = 4 * 1024

const redeemSchema = v.object({
  code: v.pipe(v.string(), v.maxLength(256)),
  verifier: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~-]{43,128}$/)),
})

/**
 * Connects sites, after OAuth's authorization code with PKCE: `GET /connect` shows the request to a person, `POST /connect`
 * redirects the browser to the site with a code, `POST /v1/connect` returns the site's keys for code and verifier. Unless an
 * administrator approved, the site must have listed its challenge by then.
 */
export function connectRoutes(options: {
  readonly registry: Registry
  readonly publisher: Pick<Publisher, 'hasChallenge'>
  readonly accounts: AccountServices
  readonly isOperatorToken: (token: string) => Promise<boolean>
  readonly senders: Senders
  readonly bodies: Bodies
  readonly publicUrl: () => string
}): Router {
  const { registry, publisher, senders, bodies, publicUrl } = options
  const router = Router()

  router.get('/connect', async (request, response) => {
    const application = await findApplication(registry, request.query)
    if (typeof application === 'string') refuse(response, application)
    else ask(response, { ...application, ...(await signedInOf(senders, request)) })
  })

  router.post('/connect', bodies.middleware(maxFormBytes), async (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams((request.body as Buffer).toString()))
    const application = await findApplication(registry, fields)
    if (typeof application === 'string') {
      refuse(response, application)
      return
    }
    const askAgain = async (status: number, problem: string) => {
      response.status(status)
      ask(response, { ...application, ...(await signedInOf(senders, request)), problem })
    }
    const { request: requested, movedSite } = application
    const approver = await findApprover(fields, { ...options, request, response })
    if ('problem' in approver) {
      await askAgain(approver.status, approver.problem)
      return
    }
    const { principal } = approver
    const problem = refusalOf(principal, application)
    if (problem !== null) {
      await askAgain(403, problem)
      return
    }
    if (requested.consent === undefined) {
      await askAgain(400, 'Choose how readers consent.')
      return
    }
    const code = await registry.connections.begin({
      url: requested.url,
      returnUrl: requested.return,
      challenge: requested.challenge,
      mode: requested.mode,
      consent: requested.consent,
      allowPrivateAddresses: principal.kind === 'administrator' && fields['private'] === 'yes',
      movedSite: movedSite?.id,
      account: principal.kind === 'account' ? principal.account.id : undefined,
    })
    const back = new URL(requested.return)
    back.searchParams.set('code', code)
    back.searchParams.set('state', requested.state)
    secure(response, requested)
    response.redirect(303, back.href)
  })

  router.post('/v1/connect', bodies.middleware(maxProofBytes), async (request, response) => {
    response.set('Cache-Control', 'no-store')
    const body = v.safeParse(redeemSchema, jsonIn(request.body as Buffer))
    if (!body.success) {
      sendProblem(response, {
        status: 400,
        code: 'invalid',
        detail: 'Send {"code": …, "verifier": …} as JSON.',
      })
      return
    }
    try {
      const connected = await registry.connections.redeem(body.output, (pending) =>
        publisher.hasChallenge(pending),
      )
      if (connected === null) {
        sendProblem(response, {
          status: 403,
          code: 'bad-code',
          detail:
            'The code is unknown, used or older than ten minutes, or the verifier is not its own. Connect again.',
        })
        return
      }
      const { site, webhookSecret } = connected
      response.json({
        site: site.id,
        webhookSecret,
        publicKey: encodeBase64Url(site.publicKey),
        server: publicUrl(),
        mode: site.mode,
        consent: site.consent,
      })
    } catch (error) {
      const detail = error instanceof RegistryError ? refusedConnections[error.code] : undefined
      if (detail === undefined) throw error
      sendProblem(response, { status: 403, code: (error as RegistryError).code, detail })
    }
  })

  return router
}

const refusedConnections: Readonly<Partial<Record<string, string>>> = {
  unproven:
    'The site does not list the challenge of this connection at ?peerpress=challenge of its home address. Update the plugin, and let no cache, firewall or login answer there. Or let an administrator approve.',
  'not-owner':
    'The site is registered, and the account that approved is not its owner. Let one of its owners or an administrator approve.',
}

/** Returns why a principal may not approve, or null. */
function refusalOf(principal: Approver['principal'], application: ConnectApplication): string | null {
  if (principal.kind === 'administrator') return null
  const { request, movedSite, registered } = application
  if (isPrivateHost(new URL(request.url).hostname)) {
    return 'This is an address inside a private network. Only an administrator of this server can connect it.'
  }
  const owned = [movedSite, registered].filter((site) => site !== null)
  if (owned.every(({ id }) => may(principal, 'site.remove', id))) return null
  return 'This site is registered here already. Only one of its owners or an administrator can connect it again.'
}

/** Parses a JSON text; undefined for any other text. */
function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

/** The name of the account that the browser is signed in to; null if none. */
async function signedInOf(
  senders: Senders,
  request: Request,
): Promise<{ readonly signedIn: { readonly name: string; readonly isAdministrator: boolean } | null }> {
  const { principal } = await senders.senderOf(request)
  const account = accountOf(principal)
  return {
    signedIn: account === null ? null : { name: account.name, isAdministrator: account.isAdministrator },
  }
}

function ask(
  response: Response,
  options: ConnectApplication & {
    readonly signedIn: { readonly name: string; readonly isAdministrator: boolean } | null
    readonly problem?: string
  },
): void {
  const { request } = options
  secure(response, request)
  // A name that resolves to a private address is refused later, by the publisher.
  const isPrivate = isPrivateHost(new URL(request.url).hostname)
  response.send(connectPage({ ...options, isPrivate }))
}

function refuse(response: Response, problem: string): void {
  secure(response)
  response.status(400).send(connectProblemPage(problem))
}

function secure(response: Response, request?: ConnectRequest): void {
  const returnOrigin = request === undefined ? undefined : new URL(request.return).origin
  response.set({
    'Content-Security-Policy': connectPagePolicy(returnOrigin),
    'Cache-Control': 'no-store',
    // With `no-referrer`, browsers would send the form without its origin (Fetch standard, "append a request Origin header").
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  })
}
