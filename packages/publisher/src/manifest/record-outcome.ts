import type { LeftOut, OutcomeInput, Registry } from '@peerpress/registry'
import type { MediaSummary } from '../assets/left-out.ts'
import type { JobOutcome } from './job-outcome.ts'

/** Records the result of a job's run for the post's receipt. A failure to record it does not fail the publication. */
export async function recordOutcome(
  { outcomes }: Pick<Registry, 'outcomes'>,
  outcome: JobOutcome,
): Promise<void> {
  try {
    await outcomes.record(storedOutcome(outcome))
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function storedOutcome(outcome: JobOutcome): OutcomeInput {
  if (outcome.result !== 'published' && outcome.result !== 'unchanged') return outcome
  const { site, post, result, version, assets } = outcome
  return { site, post, result, version, assets, leftOut: leftOutList(outcome) }
}

/** Returns the listed resources one by one, and the number of unlisted ones by reason. */
function leftOutList({ leftOut, leftOutCounts }: MediaSummary): LeftOut[] {
  const unlisted = new Map<string, number>(Object.entries(leftOutCounts))
  for (const { reason } of leftOut) unlisted.set(reason, (unlisted.get(reason) ?? 0) - 1)
  return [
    ...leftOut.map(({ url, reason }) => ({ reason, url, count: 1 })),
    ...Array.from(unlisted, ([reason, count]) => ({ reason, url: null, count })).filter(
      ({ count }) => count > 0,
    ),
  ]
}
