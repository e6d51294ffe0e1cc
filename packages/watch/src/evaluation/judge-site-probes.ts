import type { Incident, ProbeKind, ProbeRecord } from '@peerpress/registry'
import { judgeProbes } from '../rules/judge-probes.ts'
import { silenceMs } from '../rules/probe-silence.ts'
import type { Verdict } from './verdict.ts'

/** The recorded outcomes of one kind of a site's probes. */
export interface ProbeFacts {
  /** The last outcomes, newest first. */
  readonly latest: readonly ProbeRecord[]
  readonly hasSucceeded: boolean
  /** ms since a new outcome was seen */
  readonly silentMs: number
}

/** Returns the verdicts that probes alone decide. */
export function judgeSiteProbes(
  open: readonly Incident[],
  facts: Readonly<Record<ProbeKind, ProbeFacts>>,
): readonly Verdict[] {
  const origin = originVerdict(facts.http)
  const page = pageVerdict(facts.browser)
  return [
    origin,
    isDown(open, origin) ? { symptom: 'page-broken', ...inhibition } : page,
    silenceVerdict('http', open, facts.http),
    silenceVerdict('browser', open, facts.browser),
  ]
}

/** Whether an incident about a dead origin is open after these verdicts. */
export function isOriginDown(open: readonly Incident[], verdicts: readonly Verdict[]): boolean {
  return verdicts.some((verdict) => verdict.symptom === 'origin-down' && isDown(open, verdict))
}

/** The verdict on what a dead origin explains. */
export const inhibition = {
  state: 'inhibited',
  reason: 'The site does not answer, which explains it: an incident of its own is open.',
} as const

function isDown(open: readonly Incident[], origin: Verdict): boolean {
  if (origin.state === 'failing') return true
  return origin.state === 'unclear' && open.some(({ symptom }) => symptom === 'origin-down')
}

function originVerdict({ latest }: ProbeFacts): Verdict {
  const symptom = 'origin-down'
  const judgement = judgeProbes('http', latest)
  if (judgement.state === 'failing') return { symptom, ...judgement, severity: 'page' }
  return judgement.state === 'well'
    ? { symptom, state: 'well', reason: 'The site answers again.' }
    : { symptom, state: 'unclear' }
}

function pageVerdict({ latest }: ProbeFacts): Verdict {
  const symptom = 'page-broken'
  const judgement = judgeProbes('browser', latest)
  if (judgement.state === 'failing') return { symptom, ...judgement, severity: 'warning' }
  return judgement.state === 'well'
    ? { symptom, state: 'well', reason: 'The page works in a browser again.' }
    : { symptom, state: 'unclear' }
}

/** Without probes nobody would see a dead origin, so their silence pages. */
function silenceVerdict(kind: ProbeKind, open: readonly Incident[], facts: ProbeFacts): Verdict {
  const symptom = kind === 'http' ? 'probe-silent' : 'browser-probe-silent'
  const [last] = facts.latest
  if (last === undefined || !facts.hasSucceeded) return { symptom, state: 'unclear' }
  const incident = open.find((each) => each.symptom === symptom)
  // `since` is the last outcome before the silence. Another last outcome ends it.
  const isSilent =
    incident === undefined ? facts.silentMs > silenceMs[kind] : incident.since.getTime() === last.at.getTime()
  if (!isSilent) return { symptom, state: 'well', reason: 'Probes run again.' }
  const minutes = silenceMs[kind] / 60_000
  return {
    symptom,
    state: 'failing',
    severity: kind === 'http' ? 'page' : 'warning',
    since: last.at,
    summary:
      `No ${kind === 'http' ? 'probe' : 'probe in a browser'} of the site has ended for more than ${minutes} minutes, ` +
      'so an outage may go unseen. Check that the server runs with the role watch, and read its log.',
  }
}
