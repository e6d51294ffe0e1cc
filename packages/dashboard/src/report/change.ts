import type { ChangeFragment, ComparedFragment, MetricName } from '../generated/graphql.ts'

/** A smaller change is no news, ratio. */
const minRatio = 0.05

/**
 * Returns whether a figure changed by more than its uncertainty: by a twentieth or more, and if the graph knows the interval of
 * the difference, also with enough samples and an interval without 0.
 */
export function isClearChange({
  ratio,
  interval,
  conclusive,
}: Pick<ChangeFragment, 'ratio' | 'interval' | 'conclusive'>): boolean {
  return ratio !== null && Math.abs(ratio) >= minRatio && (interval === null || conclusive)
}

/** Returns the change of a metric; null if nothing is compared. */
export function changeOf(
  compared: ComparedFragment | null | undefined,
  metric: MetricName,
): ChangeFragment | null {
  return compared?.changes.find((change) => change.metric === metric) ?? null
}
