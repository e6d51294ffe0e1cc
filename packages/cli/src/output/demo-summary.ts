import type { Report } from '../client/report-query.ts'

/** What `demo --json` prints: figures of the report, nothing of the demo's own knowledge. */
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

/** Picks the summary out of a report. */
export function demoSummary({ totals, countries }: Report, server: string): DemoSummary {
  const { peer, seed, mirror, origin, cache } = totals.delivery.bytes
  return {
    views: totals.views,
    peerHitRatio: totals.delivery.peerHitRatio,
    // The mirror is the origin's HTTP stand-in; a reader of this line asks who was spared.
    bytes: { peer, seed, origin: origin + mirror, cache },
    wrongBytes: totals.reliability.wrongBytes,
    countries: countries.flatMap(({ key }) => (key === null ? [] : [key])),
    lcpP75: totals.speed.lcp?.value ?? null,
    server,
  }
}
