import type { Incident, IncidentChange, Severity, Symptom } from '@peerpress/registry'

/** What an evaluation found about one symptom of a site. */
export type Verdict = { readonly symptom: Symptom } & (
  | {
      readonly state: 'failing'
      readonly severity: Severity
      readonly summary: string
      readonly since: Date
    }
  /** The trouble is over, or there is none. `reason`: one sentence, for the incident that ends. */
  | { readonly state: 'well'; readonly reason: string }
  /** Too little is known to open an incident or to end one. */
  | { readonly state: 'unclear' }
  /** Another incident explains whatever is found. `reason` names it. */
  | { readonly state: 'inhibited'; readonly reason: string }
)

/** Returns the changes that verdicts make to a site's open incidents. */
export function changesOf(
  open: readonly Incident[],
  verdicts: readonly Verdict[],
  now: number,
): IncidentChange[] {
  return verdicts.flatMap((verdict): readonly IncidentChange[] => {
    const incident = open.find(({ symptom }) => symptom === verdict.symptom)
    if (incident === undefined) {
      if (verdict.state !== 'failing') return []
      const { symptom, severity, summary, since } = verdict
      return [{ type: 'open', symptom, severity, summary, since }]
    }
    const { id } = incident
    switch (verdict.state) {
      case 'failing':
        return verdict.severity === 'page' && incident.severity === 'warning'
          ? [{ type: 'update', id, severity: verdict.severity, summary: verdict.summary }]
          : [{ type: 'seen', id }]
      case 'well':
      case 'inhibited':
        return [{ type: 'resolve', id, reason: verdict.reason }]
      case 'unclear':
        // After the clock was set back, the incident would wait for the old time to come again.
        return incident.seenAt.getTime() > now ? [{ type: 'seen', id }] : []
    }
  })
}
