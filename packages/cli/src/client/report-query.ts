import type { GraphqlClient } from './graphql-client.ts'

/** A percentile with its 95 % interval. */
export interface Quantile {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly samples: number
  readonly enough: boolean
}

/** The figures of a report that the command line shows. null: not measured. */
export interface ReportMetrics {
  readonly views: number
  readonly reliability: {
    readonly assetSuccessRatio: number | null
    readonly wrongBytes: number
    readonly rejectedChunks: number
    readonly droppedPeers: number
    readonly fallbacks: number
  }
  readonly speed: { readonly lcp: Quantile | null }
  readonly delivery: {
    readonly peerHitRatio: number | null
    readonly bytes: {
      readonly peer: number
      readonly seed: number
      readonly mirror: number
      readonly origin: number
      readonly cache: number
    }
  }
  readonly engagement: { readonly engagedMs: Quantile | null }
}

/** A report over some time. */
export interface Report {
  readonly totals: ReportMetrics
  /** By country, ISO 3166 code; null where it is not known. */
  readonly countries: readonly { readonly key: string | null; readonly metrics: ReportMetrics }[]
}

const query = `
query Report($siteId: String!, $range: RangeInput!) {
  site(siteId: $siteId) {
    report(range: $range) {
      totals { ...Figures }
      countries: breakdown(by: COUNTRY) { key metrics { ...Figures } }
    }
  }
}
fragment Figures on Metrics {
  views
  reliability { assetSuccessRatio wrongBytes rejectedChunks droppedPeers fallbacks }
  speed { lcp { value low high samples enough } }
  delivery { peerHitRatio bytes { peer seed mirror origin cache } }
  engagement { engagedMs { value low high samples enough } }
}`

/** Reads a site's report; null when the server has no such site. */
export async function readReport(
  client: GraphqlClient,
  siteId: string,
  range: { readonly from: Date; readonly to: Date },
): Promise<Report | null> {
  const { site } = await client.query<{ site: { report: Report } | null }>(query, { siteId, range })
  return site === null ? null : site.report
}
