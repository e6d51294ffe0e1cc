import type { RefusedPage } from './visibility.ts'

/** From this attempt on, about four minutes after the first, a 404 is final. No replica lags that long. */
const lastNotFoundAttempt = 8

/**
 * Returns whether a refused page means that the post has gone. 410 and 451 do at once, and a lasting 404 does too. Other
 * refusals never do, because they may come from a firewall, a maintenance page or a login in front of the whole site.
 */
export function hasGone({ refusal, attempt }: Pick<RefusedPage, 'refusal' | 'attempt'>): boolean {
  return refusal === 'gone' || (refusal === 'not-found' && attempt >= lastNotFoundAttempt)
}
