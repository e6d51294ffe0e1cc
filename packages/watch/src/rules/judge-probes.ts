import type { ProbeKind, ProbeRecord } from '@peerpress/registry'

/** Failures in a row that show an outage. One or two happen on the way between two networks. */
export const failuresInRow = 3
/** Successes in a row that end an outage. */
const successesInRow = 2

/** What the latest outcomes of a kind of probe show. */
export type ProbeJudgement =
  | { readonly state: 'failing'; readonly since: Date; readonly summary: string }
  | { readonly state: 'well' }
  /** Neither enough failures nor enough successes in a row. */
  | { readonly state: 'unclear' }

/** @param latest the last {@link failuresInRow} outcomes, newest first; fewer if there are no more */
export function judgeProbes(kind: ProbeKind, latest: readonly ProbeRecord[]): ProbeJudgement {
  const failed = latest.findIndex(({ ok }) => ok)
  const inRow = failed === -1 ? latest.length : failed
  const [newest] = latest
  const oldest = latest[inRow - 1]
  if (newest !== undefined && oldest !== undefined && inRow >= failuresInRow) {
    const subject = kind === 'http' ? 'The site does not answer' : 'The page does not work in a browser'
    const reason = newest.failure?.message ?? 'the reason is not known'
    return {
      state: 'failing',
      since: oldest.at,
      summary: `${subject}: ${inRow} probes in a row failed. The last one: ${reason}`,
    }
  }
  const recent = latest.slice(0, successesInRow)
  const isWell = recent.length === successesInRow && recent.every(({ ok }) => ok)
  return isWell ? { state: 'well' } : { state: 'unclear' }
}
