import { createHash } from 'node:crypto'
import type { AttemptLimits } from '@peerpress/registry'
import { CommunityError } from './community-error.ts'

/** Counts an attempt. @throws {CommunityError} `too-many`, with the time until the next one is possible */
export async function takeAttempt(
  limits: AttemptLimits,
  {
    what,
    burst,
    interval,
    advice,
  }: {
    /** What is limited, for whom. */
    readonly what: string
    readonly burst: number
    /** ms */
    readonly interval: number
    /** What happened, as a sentence. */
    readonly advice: string
  },
): Promise<void> {
  const key = createHash('sha256').update(what).digest()
  const wait = await limits.take({ key, burst, interval })
  if (wait === 0) return
  throw new CommunityError('too-many', `${advice} Try again in ${Math.ceil(wait / 60_000)} minutes.`)
}
