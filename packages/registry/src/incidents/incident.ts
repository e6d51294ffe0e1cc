import type { SiteId } from '@peerpress/wire'

/**
 * What is wrong. A site has one open incident per symptom. `origin-down`: HTTP probes fail. `probe-silent`: HTTP probes have
 * stopped. `browser-probe-silent`: browser probes have stopped. `page-broken`: browser probes fail. `availability` and
 * `lcp`: the objective's budget burns too fast.
 */
export const symptoms = [
  'origin-down',
  'probe-silent',
  'browser-probe-silent',
  'page-broken',
  'availability',
  'lcp',
] as const
export type Symptom = (typeof symptoms)[number]

/** `page`: somebody must act now. `warning`: somebody should look in the next days. */
export const severities = ['warning', 'page'] as const
export type Severity = (typeof severities)[number]

/** Trouble of a site that has one cause. */
export interface Incident {
  readonly id: string
  readonly site: SiteId
  readonly symptom: Symptom
  readonly severity: Severity
  /** One sentence with figures, for people. */
  readonly summary: string
  /** When the trouble began, as far as it is known. */
  readonly since: Date
  readonly openedAt: Date
  /** When an evaluation last found the trouble. */
  readonly seenAt: Date
  readonly acknowledgedAt: Date | null
  /** Name of the person who acknowledged it. Null if nobody did. */
  readonly acknowledgedBy: string | null
  /** Null while it is open. */
  readonly resolvedAt: Date | null
}

export const entryTypes = ['opened', 'updated', 'acknowledged', 'resolved'] as const
export type EntryType = (typeof entryTypes)[number]

/** An entry of an incident's history. */
export interface IncidentEntry {
  readonly type: EntryType
  readonly at: Date
  readonly text: string
}

/** A change of a site's incidents that an evaluation found. */
export type IncidentChange =
  | {
      readonly type: 'open'
      readonly symptom: Symptom
      readonly severity: Severity
      readonly summary: string
      readonly since: Date
    }
  /** The incident is worse: it gets this severity and summary. */
  | { readonly type: 'update'; readonly id: string; readonly severity: Severity; readonly summary: string }
  /** The incident goes on. Nobody is notified. */
  | { readonly type: 'seen'; readonly id: string }
  | { readonly type: 'resolve'; readonly id: string; readonly reason: string }

/** A span of time in which an incident was open. */
export interface IncidentSpan {
  readonly symptom: Symptom
  readonly severity: Severity
  readonly from: Date
  /** Null while it is open. */
  readonly to: Date | null
}

export interface IncidentRow {
  readonly id: string
  readonly site: SiteId
  readonly symptom: Symptom
  readonly severity: Severity
  readonly summary: string
  readonly since: Date
  readonly opened_at: Date
  readonly seen_at: Date
  readonly acknowledged_at: Date | null
  readonly acknowledged_by: string | null
  readonly resolved_at: Date | null
}

/** The columns of {@link IncidentRow}. */
export const incidentColumns =
  'id, site, symptom, severity, summary, since, opened_at, seen_at, acknowledged_at, acknowledged_by, resolved_at'

export function incidentOf(row: IncidentRow): Incident {
  const { id, site, symptom, severity, summary, since } = row
  return {
    id,
    site,
    symptom,
    severity,
    summary,
    since,
    openedAt: row.opened_at,
    seenAt: row.seen_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
  }
}
