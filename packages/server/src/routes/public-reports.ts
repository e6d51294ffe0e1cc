import type { Principal } from '@peerpress/accounts'
import type { Api } from '@peerpress/api'
import { RateLimit } from '@peerpress/collector'
import type { PublicReport, Registry } from '@peerpress/registry'
import { networkOf } from '@peerpress/tracker'
import { type Response, Router } from 'express'
import type { ClientAddress } from '../entry/client-address.ts'
import { sendProblem } from '../entry/problem.ts'
import {
  noPublicReportPage,
  type PublicFigures,
  publicRanges,
  publicReportPage,
  publicReportPolicy,
} from '../public-report-page.ts'

/** Pages per second of one network, averaged over ten seconds. */
const pagesPerSecond = 2
/** ms that a rendered page is answered again: its figures cost queries to the store. */
const cacheTime = 60_000
/** Rendered pages in memory. */
const maxCached = 500

/**
 * `GET /public/:token?days=`: the overview's figures of a site whose owner has made them public. The page has no personal data:
 * figures of the whole site alone, no posts, no regions, and nobody's name.
 */
export function publicReportRoutes({
  registry,
  api,
  clientAddress,
  now = Date.now,
}: {
  readonly registry: Pick<Registry, 'publicReports' | 'sites'>
  /** Throws while the API does not run. */
  readonly api: () => Api
  readonly clientAddress: ClientAddress
  /** ms */
  readonly now?: () => number
}): Router {
  const limit = new RateLimit(pagesPerSecond, now)
  const rendered = new Map<string, { readonly at: number; readonly html: Promise<string | null> }>()

  const render = async ({ site: id }: PublicReport, days: number): Promise<string | null> => {
    const site = await registry.sites.get(id)
    if (site === null) return null
    const figures = await figuresOf(api(), id, days)
    return publicReportPage({ name: site.name ?? new URL(site.url).host, days, figures })
  }
  const cached = (report: PublicReport, days: number): Promise<string | null> => {
    const key = `${report.token} ${days}`
    const known = rendered.get(key)
    if (known !== undefined && now() - known.at < cacheTime && now() >= known.at) return known.html
    const html = render(report, days)
    rendered.delete(key)
    rendered.set(key, { at: now(), html })
    // A failure is not answered again.
    html.catch(() => rendered.delete(key))
    for (const oldest of rendered.keys()) {
      if (rendered.size <= maxCached) break
      rendered.delete(oldest)
    }
    return html
  }

  const router = Router()
  router.get('/public/:token', async (request, response) => {
    const { params, query } = request
    secure(response)
    const wait = limit.excess(networkOf(clientAddress(request)))
    if (wait !== undefined) {
      const detail = 'Too many reports were requested from this network. Try again in a moment.'
      sendProblem(response, { status: 429, code: 'throttled', detail, retryAfter: wait })
      return
    }
    const report = await registry.publicReports.byToken(params.token)
    const days = publicRanges.find((range) => String(range) === query['days']) ?? 28
    const html = report === null ? null : await cached(report, days)
    if (html === null) response.status(404).type('html').send(noPublicReportPage())
    else response.type('html').send(html)
  })
  return router
}

function secure(response: Response): void {
  response.set({
    'Content-Security-Policy': publicReportPolicy,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex, nofollow',
  })
}

const document = `query PublicReport($siteId: String!, $days: Int!) {
  site(siteId: $siteId) { report(lastDays: $days) { totals {
    views
    reliability { assetSuccessRatio }
    speed { lcp { ...Interval } inp { ...Interval } cls { ...Interval } }
    delivery { peerHitRatio residualOriginLoad }
  } } }
}
fragment Interval on Quantile { value low high enough }`

/** Asks the graph, as a token that reads this one site. */
async function figuresOf(api: Api, site: string, days: number): Promise<PublicFigures> {
  const principal: Principal = {
    kind: 'token',
    id: 'public',
    name: 'public report',
    scopes: ['report.read'],
    sites: [site],
  }
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables: { siteId: site, days } }),
  }
  const mutationRefusal = 'A public report changes nothing.'
  const sender = { principal, renew: async () => principal, mutationRefusal, network: '' }
  const response = await api.fetch('http://localhost/graphql', init, { sender, mayAskAnything: true })
  const { data, errors } = (await response.json()) as {
    readonly data?: { readonly site: { readonly report: { readonly totals: PublicFigures } } | null } | null
    readonly errors?: readonly { readonly message: string }[]
  }
  if (data?.site == null) throw new Error(`the public report failed: ${errors?.[0]?.message ?? 'no data'}`)
  return data.site.report.totals
}
