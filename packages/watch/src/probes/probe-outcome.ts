import type { ProbeKind, ProbeRecord } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import type { ProbeFailure } from './probe-failure.ts'
import type { ProbeResult } from './probe-result.ts'

/** The outcome of one probe. `registry.probeOutcomes` records it. */
export interface ProbeOutcome extends ProbeRecord {
  readonly kind: ProbeKind
  /** Null if the probe succeeded. */
  readonly failure: ProbeFailure | null
}

/** Returns what is recorded of a probe of a site. */
export function outcomeOf(
  site: SiteId,
  { kind, url, at, failure, durationMs, phases }: ProbeResult,
): ProbeOutcome {
  const ended = Object.entries(phases).filter((entry): entry is [string, number] => entry[1] !== null)
  return {
    site,
    kind,
    url,
    at,
    ok: failure === null,
    failure,
    durationMs,
    timings: Object.fromEntries(ended),
  }
}
