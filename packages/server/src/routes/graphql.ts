import { type Api, maxRequestBytes } from '@peerpress/api'
import { Router } from 'express'
import type { Bodies } from '../entry/bodies.ts'

/**
 * `/graphql`: reads the body of whoever may ask anything at all, and leaves all else to the API. The API's own reader
 * would hold every chunk of a body apart.
 */
export function graphqlRoute(options: {
  /** Throws while the API does not run. */
  readonly api: () => Api
  readonly bodies: Bodies
  readonly viewerOf: (authorization: string | undefined) => string
}): Router {
  const { api, bodies, viewerOf } = options
  const readBody = bodies.middleware(maxRequestBytes)
  const router = Router()
  router.use('/graphql', (_request, response, next) => {
    response.set('Cache-Control', 'no-store')
    next()
  })
  router.post('/graphql', (request, response, next) =>
    viewerOf(request.get('Authorization')) === 'nobody' ? next() : readBody(request, response, next),
  )
  router.use('/graphql', (request, _response, next) => {
    if (Buffer.isBuffer(request.body)) request.body = streamOf(request.body)
    next()
  })
  router.use('/graphql', (request, response) => api()(request, response))
  return router
}

/** The API takes a body that was read already as a stream with an own property. */
function streamOf(body: Buffer): AsyncIterable<Buffer> & { readonly length: number } {
  return {
    length: body.length,
    async *[Symbol.asyncIterator]() {
      yield body
    },
  }
}
