import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** `http`: one request of the page. `browser`: the page in a browser, with everything it loads. */
export const probeKinds = ['http', 'browser'] as const
export type ProbeKind = (typeof probeKinds)[number]

/** The outcome of one probe of a site. */
export interface ProbeRecord {
  readonly site: SiteId
  readonly kind: ProbeKind
  readonly url: string
  /** When the probe began. */
  readonly at: Date
  readonly ok: boolean
  /** Why it failed: a stable code, and the same for people. Null if it succeeded. */
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly durationMs: number
  /** ms by phase. A phase that did not happen is absent. */
  readonly timings: Readonly<Record<string, number>>
}

/** Outcomes of a kind in a range of time. */
export interface ProbeRange {
  readonly kind: ProbeKind
  /** First moment in it. */
  readonly from: Date
  /** First moment after it. */
  readonly to: Date
}

/** Probes in one minute. */
export interface ProbeMinute {
  readonly start: Date
  readonly probes: number
  readonly failures: number
}

/** The outcomes of the sites' probes. */
export interface ProbeOutcomes {
  /** Records an outcome, once. The outcome of a site that was removed meanwhile is dropped. Long texts are cut. */
  record(outcome: ProbeRecord): Promise<void>
  /** Returns the latest outcomes of a kind that began before `before`, newest first. */
  latest(
    site: SiteId,
    kind: ProbeKind,
    options: { readonly limit: number; readonly before: Date },
  ): Promise<ProbeRecord[]>
  /** Returns the number of probes and failures by minute, oldest first. Minutes without a probe are left out. */
  minutes(site: SiteId, range: ProbeRange): Promise<ProbeMinute[]>
  /** Returns the number of probes and failures in a range. */
  count(site: SiteId, range: ProbeRange): Promise<Omit<ProbeMinute, 'start'>>
  /** Returns when a probe of the kind first succeeded; null if none did. */
  firstSuccess(site: SiteId, kind: ProbeKind): Promise<Date | null>
  /** Removes outcomes that are older than 35 days, except each site's first success. */
  prune(): Promise<void>
}

/** characters */
const maxText = 500
/** How long outcomes are stored, ms: longer than the 30 days over which a budget is computed. */
const memory = 35 * 24 * 3600 * 1000

export function createProbeOutcomes(database: Database, now: () => number): ProbeOutcomes {
  const count = 'count(*)::int as probes, (count(*) filter (where not ok))::int as failures'
  const within = 'site = $1 and kind = $2 and at >= $3 and at < $4'
  return {
    record: async ({ site, kind, url, at, ok, failure, durationMs, timings }) => {
      if (!isSiteId(site)) return
      const reason = failure && { code: storable(failure.code), message: storable(failure.message) }
      await database.query(
        `insert into peerpress.probe_outcome (site, kind, at, url, ok, failure, duration_ms, timings)
         select $1, $2, $3, $4, $5, $6::text::jsonb, $7, $8::text::jsonb
         where exists (select 1 from peerpress.site where id = $1)
         on conflict do nothing`,
        [
          site,
          kind,
          at,
          storable(url),
          ok,
          reason && JSON.stringify(reason),
          durationMs,
          JSON.stringify(timings),
        ],
      )
    },
    latest: async (site, kind, { limit, before }) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<ProbeRow>(
        `select site, kind, url, at, ok, failure, duration_ms, timings from peerpress.probe_outcome
         where site = $1 and kind = $2 and at < $3 order by at desc limit $4`,
        [site, kind, before, limit],
      )
      return rows.map(({ duration_ms: durationMs, ...row }) => ({ ...row, durationMs }))
    },
    minutes: async (site, { kind, from, to }) =>
      isSiteId(site)
        ? database.query<ProbeMinute>(
            `select date_trunc('minute', at) as start, ${count} from peerpress.probe_outcome
             where ${within} group by 1 order by 1`,
            [site, kind, from, to],
          )
        : [],
    count: async (site, { kind, from, to }) => {
      const rows = isSiteId(site)
        ? await database.query<Omit<ProbeMinute, 'start'>>(
            `select ${count} from peerpress.probe_outcome where ${within}`,
            [site, kind, from, to],
          )
        : []
      return rows[0] ?? { probes: 0, failures: 0 }
    },
    firstSuccess: async (site, kind) => {
      if (!isSiteId(site)) return null
      const [row] = await database.query<{ at: Date | null }>(
        'select min(at) as at from peerpress.probe_outcome where site = $1 and kind = $2 and ok',
        [site, kind],
      )
      return row?.at ?? null
    },
    prune: async () => {
      await database.query(
        `delete from peerpress.probe_outcome old where at < $1 and at <> coalesce(
           (select min(first.at) from peerpress.probe_outcome first
            where first.site = old.site and first.kind = old.kind and first.ok), 'infinity')`,
        [new Date(now() - memory)],
      )
    },
  }
}

type ProbeRow = Omit<ProbeRecord, 'durationMs'> & { readonly duration_ms: number }

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxText).toWellFormed()
}
