import type { Incident, IncidentSpan, ObjectiveKind, Severity } from '@peerpress/registry'
import type { Objective } from '../objectives/objective.ts'
import { type Burn, judgeBudget, type Measured } from '../rules/judge-budget.ts'
import { type Span, tallyIn } from '../rules/timeline.ts'
import { inhibition } from './judge-site-probes.ts'
import type { Verdict } from './verdict.ts'

/** The input for the verdicts on a site's objectives. */
export interface BudgetFacts {
  /** ms since the Unix epoch */
  readonly now: number
  readonly objectives: readonly Objective[]
  /** The events that each objective counts. */
  readonly measured: Readonly<Record<ObjectiveKind, readonly Measured[]>>
  /** When incidents were open in the last 3 days. */
  readonly spans: readonly IncidentSpan[]
  readonly isOriginDown: boolean
}

/** An incident of a budget ends after this long without a burn, if something succeeded meanwhile, ms. */
const quietMs = 30 * 60_000
/** It ends after this long without a burn in any case, ms. */
const maxQuietMs = 6 * 3_600_000

/** Returns the verdicts on a site's objectives. */
export function judgeSiteBudgets(open: readonly Incident[], facts: BudgetFacts): readonly Verdict[] {
  return facts.objectives.map((objective): Verdict => {
    const symptom = objective.kind
    if (facts.isOriginDown) return { symptom, ...inhibition }
    const incident = open.find((each) => each.symptom === symptom)
    const measured = facts.measured[objective.kind]
    const burn = fastest(measured, objective, facts)
    // After a page, the slow rule still sees its failures for days. They are that page's, and end with it.
    if (burn !== null && !(incident?.severity === 'page' && burn.severity === 'warning')) {
      const { severity, summary, since } = burn
      return { symptom, state: 'failing', severity, summary, since: new Date(since) }
    }
    if (incident !== undefined && hasEnded(incident, measured, facts.now)) {
      return { symptom, state: 'well', reason: 'Failures have been within the objective again.' }
    }
    return { symptom, state: 'unclear' }
  })
}

function fastest(
  measured: readonly Measured[],
  { kind, target }: Objective,
  { now, spans }: BudgetFacts,
): Burn | null {
  const spansOf = (symptom: string, severities: readonly Severity[]): readonly Span[] =>
    spans
      .filter((span) => span.symptom === symptom && severities.includes(span.severity))
      .map(({ from, to }) => ({ from: from.getTime(), to: to?.getTime() ?? Infinity }))
  const accounted = {
    now,
    outages: spansOf('origin-down', ['page', 'warning']),
    paged: spansOf(kind, ['page']),
  }
  const burns = measured.flatMap((each) => judgeBudget(each, target, accounted) ?? [])
  return burns.toSorted((a, b) => b.rule.burnRate - a.rule.burnRate)[0] ?? null
}

/** An empty window proves nothing: at night a small site has no views for hours. */
function hasEnded({ seenAt }: Incident, measured: readonly Measured[], now: number): boolean {
  // After the clock was set back, the time since then is not known. What burns now is not judged here.
  const quiet = seenAt.getTime() > now ? quietMs : now - seenAt.getTime()
  const recent = measured.map(({ minutes }) => tallyIn(minutes, { from: now - quietMs, to: now }))
  const hasSuccess = recent.some(({ total, failed }) => total > failed)
  return quiet >= maxQuietMs || (quiet >= quietMs && hasSuccess)
}
