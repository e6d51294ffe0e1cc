import { pipeline } from 'node:stream/promises'
import type { Registry } from '@peerpress/registry'
import { type Store, StoreError } from '@peerpress/store'
import { Router } from 'express'
import * as v from 'valibot'
import { refuseUnless } from '../entry/refuse-unless.ts'
import type { Senders } from '../entry/senders.ts'
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
 * `GET /v1/sites/:site/views.parquet?from=&to=`: the views that began in a range, each once, for its editors and owners. The header
 * `Peerpress-Views` has their number. An answer that breaks off, or does not end with `PAR1`, is incomplete.
 */
export function exportRoutes(options: {
  readonly registry: Registry
  readonly store: Pick<Store, 'reportsFor'>
  readonly senders: Senders
}): Router {
  const { registry, store, senders } = options
  const router = Router()
  router.get('/v1/sites/:site/views.parquet', async (request, response) => {
    response.set({ 'Cache-Control': 'no-store' })
    const { site } = request.params
    const { principal } = await senders.senderOf(request)
    if (refuseUnless(response, { principal, action: 'measurement.export', site })) return
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
      // The answer has begun. The client sees that it broke off.
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
