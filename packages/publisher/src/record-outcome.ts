import type { LeftOut, OutcomeInput, Registry } from '@peerpress/registry'
import type { JobOutcome } from './publisher.ts'

/** Records how a run of a job ended, for the post's receipt. A receipt that cannot be recorded fails no publication. */
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
  if (outcome.result !== 'published') return outcome
  const { site, post, result, version, assets, leftOut } = outcome
  return { site, post, result, version, assets, leftOut: leftOutList(leftOut) }
}

function leftOutList(counts: Readonly<Record<string, number>>): LeftOut[] {
  return Object.entries(counts).map(([reason, count]) => ({ reason, url: null, count }))
}
