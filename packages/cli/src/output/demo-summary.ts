import type { Report } from '../client/report-query.ts'

/** The figures that `demo --json` prints, all of them from the report. */
export interface DemoSummary {
  readonly views: number
  readonly peerHitRatio: number | null
  readonly bytes: {
    readonly peer: number
    readonly seed: number
    readonly origin: number
    readonly cache: number
  }
  readonly wrongBytes: number
  /** ISO 3166 codes, most views first. */
  readonly countries: readonly string[]
  /** ms */
  readonly lcpP75: number | null
  readonly server: string
}

/** Returns the summary of a report. */
export function demoSummary({ totals, countries }: Report, server: string): DemoSummary {
  const { peer, seed, mirror, origin, cache } = totals.delivery.bytes
  return {
    views: totals.views,
    peerHitRatio: totals.delivery.peerHitRatio,
    // The mirror replaces the origin over HTTP, so its bytes count as the origin's.
    bytes: { peer, seed, origin: origin + mirror, cache },
    wrongBytes: totals.reliability.wrongBytes,
    countries: countries.flatMap(({ key }) => (key === null ? [] : [key])),
    lcpP75: totals.speed.lcp?.value ?? null,
    server,
  }
}
