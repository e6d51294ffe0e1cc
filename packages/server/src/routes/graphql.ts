import { type Api, maxRequestBytes, maxUploadBytes } from '@peerpress/api'
import { readFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { Router } from 'express'
import { accountOf } from '@peerpress/accounts'
import type { Bodies } from '../entry/bodies.ts'
import { idleTime } from '../entry/open-entry.ts'
import type { Senders } from '../entry/senders.ts'

/**
 * `/graphql`: in a browser of a signed-in person, an editor of queries, from the dashboard's own files. Else reads the bodies of authorized requests within the server's budget, and passes them to the API. The API's own
 * reader would hold every chunk of a body apart.
 */
export function graphqlRoute(options: {
  /** Throws while the API does not run. */
  readonly api: () => Api
  readonly bodies: Bodies
  readonly senders: Senders
  /** Folder of the built dashboard. */
  readonly dashboardDirectory: string
  /** Whether the graph answers the dashboard's own documents alone: then there is no editor. */
  readonly persistedOnly: boolean
}): Router {
  const { api, bodies, senders, dashboardDirectory, persistedOnly } = options
  const readBody = bodies.middleware(maxRequestBytes)
  const readUpload = bodies.middleware(maxUploadBytes)
  const router = Router()
  router.use('/graphql', (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  router.get('/graphql', async (request, response, next) => {
    const isAsked = request.query['query'] !== undefined || request.accepts(acceptedTypes) !== 'text/html'
    if (isAsked || persistedOnly) {
      next()
      return
    }
    const { principal } = await senders.senderOf(request)
    if (accountOf(principal) === null) {
      response.redirect(303, 'sign-in?to=%2Fgraphql')
      return
    }
    const nonce = randomBytes(16).toString('base64')
    response.set({
      'Content-Security-Policy': `default-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    const page = await readFile(join(dashboardDirectory, 'graphiql.html'), 'utf8')
    response.type('html').send(page.replace('<head>', `<head><meta property="csp-nonce" nonce="${nonce}">`))
  })
  router.post('/graphql', async (request, response, next) => {
    const { principal } = await senders.senderOf(request)
    if (principal.kind === 'nobody') next()
    else if (principal.kind !== 'reader') readUpload(request, response, next)
    else readBody(request, response, next)
  })
  router.use('/graphql', (request, _response, next) => {
    if (Buffer.isBuffer(request.body)) request.body = streamOf(request.body)
    next()
  })
  router.use('/graphql', async (request, response) => {
    const sender = await senders.senderOf(request)
    const { principal } = sender
    const mayAskAnything = principal.kind === 'administrator' && principal.account === null
    await api()(request, response, { sender, mayAskAnything })
    // A stream goes on. The library took the limit from its connection, so that a client that reads nothing would hold it.
    if (!response.writableEnded) request.socket.setTimeout(idleTime)
  })
  return router
}

/** In this order: a client that names none gets JSON. */
const acceptedTypes = ['application/json', 'application/graphql-response+json', 'text/html']

/** Wraps a body that was read already: the API takes it as a stream that has an own property. */
function streamOf(body: Buffer): AsyncIterable<Buffer> & { readonly length: number } {
  return {
    length: body.length,
    async *[Symbol.asyncIterator]() {
      yield body
    },
  }
}
