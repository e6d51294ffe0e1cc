import { pipeline } from 'node:stream/promises'
import type { Registry } from '@peerpress/registry'
import { type Store, StoreError } from '@peerpress/store'
import { Router } from 'express'
import * as v from 'valibot'
import type { OperatorToken } from '../operator-token.ts'
import { type Problem, sendProblem } from '../entry/problem.ts'

const moment = v.pipe(
  v.string(),
  v.isoTimestamp(),
  // `isoTimestamp` accepts an offset without minutes, which is no valid time.
  v.check((text) => !Number.isNaN(Date.parse(text)), 'not a time'),
  v.transform((text) => new Date(text)),
)
const querySchema = v.object({ from: moment, to: moment })

/**
 * `GET /v1/sites/:site/views.parquet?from=&to=`: the views that began in a range, each once, for the operator. The header
 * `Peerpress-Views` tells how many there are; an answer that breaks off, or does not end with `PAR1`, is not whole.
 */
export function exportRoutes(options: {
  readonly registry: Registry
  readonly store: Pick<Store, 'reportsFor'>
  readonly operatorToken: OperatorToken
}): Router {
  const { registry, store, operatorToken } = options
  const router = Router()
  router.get('/v1/sites/:site/views.parquet', async (request, response) => {
    response.set({ 'Cache-Control': 'no-store' })
    const { site } = request.params
    if (!operatorToken.isIn(request.get('Authorization'))) {
      const detail = 'Send the operator token as "Authorization: Bearer TOKEN".'
      sendProblem(response, { status: 401, code: 'unauthenticated', detail })
      return
    }
    const range = v.safeParse(querySchema, request.query)
    if (!range.success) {
      const detail = 'Give the range as ?from=…&to=…, moments such as 2026-05-01T00:00:00Z.'
      sendProblem(response, { status: 400, code: 'invalid', detail })
      return
    }
    if ((await registry.sites.get(site)) === null) {
      sendProblem(response, { status: 404, code: 'unknown-site', detail: `There is no site ${site} here.` })
      return
    }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      const reports = store.reportsFor({ caller: gone, signal: gone.signal })
      const { views, parquet } = await reports.exportViews({ site, ...range.output })
      response.set({
        'Content-Type': 'application/vnd.apache.parquet',
        'Content-Disposition': `attachment; filename="${site}.parquet"`,
        'Peerpress-Views': String(views),
      })
      response.flushHeaders()
      await pipeline(parquet, response)
    } catch (error) {
      // Too late to say why: what broke off is not whole, and the one who reads sees that.
      if (response.headersSent || gone.signal.aborted) response.destroy()
      else if (error instanceof StoreError) sendProblem(response, problemOf(error))
      else throw error
    }
  })
  return router
}

function problemOf({ code, message }: StoreError): Problem {
  if (code === 'bad-query') return { status: 400, code: 'invalid', detail: message }
  return { status: 503, code: 'unavailable', detail: 'The store cannot be read now; try again later.' }
}
