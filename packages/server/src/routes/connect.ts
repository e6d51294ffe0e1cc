import { encodeBase64Url } from '@peerpress/wire'
import { isPrivateHost } from '@peerpress/wire/public-address'
import type { Registry, Site } from '@peerpress/registry'
import { type Response, Router } from 'express'
import * as v from 'valibot'
import { connectPage, connectPagePolicy, connectProblemPage } from '../connect/connect-page.ts'
import { type ConnectRequest, readConnectRequest } from '../connect/connect-request.ts'
import type { Bodies } from '../entry/bodies.ts'
import { findMovedSite } from '../connect/moved-site.ts'
import type { OperatorToken } from '../operator-token.ts'
import { sendProblem } from '../entry/problem.ts'

/** Limits of the form and of the proof that a site sends, bytes. */
const maxFormBytes = 16 * 1024
const maxProofBytes = 4 * 1024

const redeemSchema = v.object({
  code: v.pipe(v.string(), v.maxLength(256)),
  verifier: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._~-]{43,128}$/)),
})

/**
 * Connects sites, after OAuth's authorization code with PKCE: `GET /connect` shows the request to the operator, `POST /connect`
 * redirects the browser to the site with a code, `POST /v1/connect` returns the site's keys for code and verifier.
 */
export function connectRoutes(options: {
  readonly registry: Registry
  readonly operatorToken: OperatorToken
  readonly bodies: Bodies
  readonly publicUrl: () => string
}): Router {
  const { registry, operatorToken, bodies, publicUrl } = options
  const router = Router()

  router.get('/connect', async (request, response) => {
    const application = await readRequest(registry, request.query)
    if (typeof application === 'string') refuse(response, application)
    else ask(response, application)
  })

  router.post('/connect', bodies.middleware(maxFormBytes), async (request, response) => {
    const fields = Object.fromEntries(new URLSearchParams((request.body as Buffer).toString()))
    const read = await readRequest(registry, fields)
    if (typeof read === 'string') {
      refuse(response, read)
      return
    }
    const { request: requested, movedSite } = read
    if (!operatorToken.matches(fields['token']?.trim() ?? '')) {
      response.status(403)
      ask(response, {
        ...read,
        problem: 'This is not the operator token of this server.',
      })
      return
    }
    if (requested.consent === undefined) {
      response.status(400)
      ask(response, { ...read, problem: 'Choose how readers consent.' })
      return
    }
    const code = await registry.connections.begin({
      url: requested.url,
      returnUrl: requested.return,
      challenge: requested.challenge,
      mode: requested.mode,
      consent: requested.consent,
      allowPrivateAddresses: fields['private'] === 'yes',
      movedSite: movedSite?.id,
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
    const connected = await registry.connections.redeem(body.output)
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
  })

  return router
}

/** Parses a JSON text; undefined for any other text. */
function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

interface ConnectApplication {
  readonly request: ConnectRequest
  /** The site that moves; null if a site connects. */
  readonly movedSite: Site | null
}

/** Reads query or form fields. A returned text explains what is wrong with them. */
async function readRequest(registry: Registry, fields: unknown): Promise<ConnectApplication | string> {
  const request = readConnectRequest(fields)
  if (typeof request === 'string') return request
  const movedSite = await findMovedSite(registry, request)
  return typeof movedSite === 'string' ? movedSite : { request, movedSite }
}

function ask(response: Response, options: ConnectApplication & { readonly problem?: string }): void {
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
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  })
}
