import type { Scenario } from './scenario.ts'

/** How close to the limit the search comes. */
const precision = 1e-6

/**
 * The least time T, ms, in which anything could bring an asset to each of the readers that come at these times (ms, in
 * order). Three things hold whatever is done, F being the asset's bytes:
 *
 * - a reader takes F ÷ down, and the first of them what the origin takes to send all of it once, F ÷ originUp;
 * - whoever comes from the i-th arrival to the j-th must have all by a_j + T and gets nothing before a_i. In between
 *   the origin and the uplinks of all that have come by then carry at most A(a_j + T) − A(a_i), where A is the integral
 *   of originUp + up × readers that have come: (j − i + 1)·F ≤ A(a_j + T) − A(a_i), for all i ≤ j.
 *
 * For readers that come at once this is the minimum distribution time of Kumar & Ross, "Peer-assisted file
 * distribution: the minimum distribution time" (2006). For others it is what no schedule beats, but none may reach.
 * Nobody leaves, and uplinks of free-riders do not count.
 */
export function fluidLimit(scenario: Scenario, arrivals: readonly number[]): number {
  const { freeRiders, chunks, chunkSize, up, down, originUp } = scenario
  const size = chunks * chunkSize
  const rates = { origin: originUp, reader: up * (1 - freeRiders) }
  let low = Math.max(size / originUp, size / down)
  if (carries(arrivals, { size, time: low }, rates)) return low
  let high = low
  while (!carries(arrivals, { size, time: high }, rates)) high *= 2
  while (high - low > high * precision) {
    const middle = (low + high) / 2
    if (carries(arrivals, { size, time: middle }, rates)) high = middle
    else low = middle
  }
  return high
}

/** Whether all uplinks together carry what is due in each interval when everybody has `time`. */
function carries(
  arrivals: readonly number[],
  { size, time }: { readonly size: number; readonly time: number },
  rates: { readonly origin: number; readonly reader: number },
): boolean {
  // Carried by the origin and the first readers until the last of these came, and to the end of some reader's time.
  const carried: number[] = []
  let total = 0
  let from = 0
  for (const [i, at] of arrivals.entries()) {
    total += (at - from) * (rates.origin + i * rates.reader)
    from = at
    carried.push(total)
  }
  let come = 0
  let mostBefore = -Infinity
  for (const [j, at] of arrivals.entries()) {
    const end = at + time
    while (come < arrivals.length && (arrivals[come] as number) <= end) come++
    const last = come - 1
    const byEnd =
      (carried[last] as number) + (end - (arrivals[last] as number)) * (rates.origin + come * rates.reader)
    mostBefore = Math.max(mostBefore, (carried[j] as number) - j * size)
    // A(a_j + T) − A(a_i) ≥ (j − i + 1)·F for every i ≤ j; rounding is no violation.
    if (byEnd - (j + 1) * size - mostBefore < -precision * size) return false
  }
  return true
}
