import type { Severity } from '@peerpress/registry'

/** Events of a span of time: views or probes. */
export interface Tally {
  readonly total: number
  readonly failed: number
}

/**
 * A rule about the burn rate of an error budget: how many times faster than allowed failures happen. Both windows must burn:
 * the long one proves that it matters, the short one that it still goes on.
 */
export interface BurnRule {
  readonly burnRate: number
  readonly longMs: number
  readonly shortMs: number
  readonly severity: Severity
}

const minute = 60_000
const hour = 60 * minute

/**
 * The rules, fastest first. At a burn rate of 14.4, one hour takes 2 % of a budget of 30 days; at 6, six hours take 5 %; at 1,
 * three days take 10 %. Source: Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
export const burnRules: readonly BurnRule[] = [
  { burnRate: 14.4, longMs: hour, shortMs: 5 * minute, severity: 'page' },
  { burnRate: 6, longMs: 6 * hour, shortMs: 30 * minute, severity: 'page' },
  { burnRate: 1, longMs: 72 * hour, shortMs: 6 * hour, severity: 'warning' },
]

/** One-sided 95 %: the true failure ratio is above the lower bound in 19 of 20 cases. */
const z = 1.645

/** Failures that the long window must have. Fewer may be one reader's broken network. */
const minFailures = 3

/**
 * Returns the lower bound of the Wilson score interval of a failure ratio; 0 for no events. On few events it is far below the
 * raw ratio, so that chance does not page. Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical
 * Inference, 1927, https://doi.org/10.1080/01621459.1927.10502953.
 */
export function wilsonLowerBound({ total, failed }: Tally): number {
  if (total === 0) return 0
  const ratio = failed / total
  const z2 = z * z
  const centre = ratio + z2 / (2 * total)
  const margin = z * Math.sqrt((ratio * (1 - ratio)) / total + z2 / (4 * total * total))
  return Math.max(0, (centre - margin) / (1 + z2 / total))
}

/**
 * Returns whether a rule finds that the budget burns too fast.
 * @param target the objective: ratio 0-1 of good events
 */
export function isBurning(
  { burnRate }: BurnRule,
  target: number,
  { long, short }: { readonly long: Tally; readonly short: Tally },
): boolean {
  if (long.failed < minFailures || short.failed === 0) return false
  const limit = burnRate * (1 - target)
  return short.failed / short.total > limit && wilsonLowerBound(long) > limit
}

/** Returns whether enough failures can make the rule find something: a total outage must burn faster than its rate. */
export function canBurn({ burnRate }: BurnRule, target: number): boolean {
  return burnRate * (1 - target) < 1
}
