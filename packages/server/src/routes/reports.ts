import {
  ApiError,
  type CostBudget,
  csvOf,
  jsonOf,
  openMetrics,
  openMetricsType,
  reportCost,
  type ReportFile,
  reportFile,
  reportRequest,
  work,
} from '@peerpress/api'
import type { Registry, Site } from '@peerpress/registry'
import { type Reports, type Store, StoreError } from '@peerpress/store'
import { type Request, type Response, Router } from 'express'
import { type Problem, sendProblem } from '../entry/problem.ts'
import { refuseUnless } from '../entry/refuse-unless.ts'
import type { Senders } from '../entry/senders.ts'

/** Hours that a site's OpenMetrics are about. */
const windowHours = 24

/**
 * `GET /v1/sites/:site/report.csv` and `report.json`: a report by the same filters as the graph's.
 * `GET /v1/sites/:site/metrics`: the metrics of the last 24 hours for a scraper, in OpenMetrics' text format.
 */
export function reportRoutes(options: {
  readonly registry: Pick<Registry, 'sites'>
  readonly store: Pick<Store, 'reportsFor'>
  readonly senders: Senders
  /** The budget of the graph: one principal spends the same one here. */
  readonly budget: CostBudget
}): Router {
  const router = Router()
  const answer =
    (send: (request: Request, response: Response, of: Readable) => Promise<void>) =>
    async (request: Request<{ site: string }>, response: Response) => {
      const of = await readableSite(options, request, response)
      if (of === null) return
      try {
        await send(request as Request, response, of)
      } catch (error) {
        if (of.isGone()) response.destroy()
        else sendProblem(response, problemOf(error))
      }
    }
  router.get(
    '/v1/sites/:site/report.csv',
    answer(async ({ query }, response, of) => {
      const file = await reportOf(of, query)
      const { site } = of
      response.set('Content-Disposition', `attachment; filename="${site.id}.csv"`)
      response.type('text/csv; charset=utf-8; header=present').send(csvOf(file))
    }),
  )
  router.get(
    '/v1/sites/:site/report.json',
    answer(async ({ query }, response, of) => {
      response.json(jsonOf(await reportOf(of, query)))
    }),
  )
  router.get(
    '/v1/sites/:site/metrics',
    answer(async (_request, response, { reports, site, spend }) => {
      spend(work.query)
      const to = new Date()
      const from = new Date(to.getTime() - windowHours * 3_600_000)
      const metrics = await reports.totals({ site: site.id, from, to })
      response.set('Content-Type', openMetricsType)
      response.send(openMetrics(site.id, `${windowHours}h`, metrics))
    }),
  )
  return router
}

/** A site whose reports the sender may read, and the reports for this request. */
interface Readable {
  readonly site: Site
  readonly reports: Reports
  /** Subtracts a cost from the sender's budget. @throws {ApiError} `RATE_LIMITED` */
  readonly spend: (cost: number) => unknown
  /** Returns whether the client has disconnected. */
  readonly isGone: () => boolean
}

/** Returns the report of a URL, once its cost is paid. @throws {ApiError} @throws {StoreError} */
function reportOf({ reports, site, spend }: Readable, parameters: Request['query']): Promise<ReportFile> {
  const request = reportRequest(site, parameters)
  spend(reportCost(request))
  return reportFile(reports, request)
}

async function readableSite(
  { registry, store, senders, budget }: Parameters<typeof reportRoutes>[0],
  request: Request<{ site: string }>,
  response: Response,
): Promise<Readable | null> {
  response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
  const sender = await senders.senderOf(request)
  const { principal } = sender
  const id = request.params.site
  if (refuseUnless(response, { principal, action: 'report.read', site: id })) return null
  const site = await registry.sites.get(id)
  if (site === null) {
    sendProblem(response, { status: 404, code: 'unknown-site', detail: `There is no site ${id} here.` })
    return null
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const reports = store.reportsFor({ caller: gone, signal: gone.signal })
  return { site, reports, spend: (cost) => budget.spend(sender, cost), isGone: () => gone.signal.aborted }
}

/** @throws {unknown} what is neither a refusal nor a failure of the store */
function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) {
    const { retryAfter } = error
    if (retryAfter !== null)
      return { status: 429, code: 'too-many-requests', detail: error.message, retryAfter }
    return { status: 400, code: 'invalid', detail: error.message }
  }
  if (!(error instanceof StoreError)) throw error
  if (error.code === 'bad-query') return { status: 400, code: 'invalid', detail: error.message }
  if (error.code === 'too-expensive') {
    const detail = 'The report takes too long to compute; take a shorter range or a filter.'
    return { status: 400, code: 'too-expensive', detail }
  }
  return { status: 503, code: 'unavailable', detail: 'The store cannot be read now; try again later.' }
}
