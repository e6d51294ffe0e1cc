import type { Panel } from '../chart.ts'
import type { Measures } from '../simulate/measures.ts'
import { measure } from '../simulate/measures.ts'
import type { Scenario } from '../simulate/scenario.ts'

/** What a scenario came to at one value of what is varied. */
export interface Step {
  readonly at: number
  readonly measures: Measures
}

/** Shares of corrupted sources. */
const shares = [0, 0.1, 0.2, 0.3, 0.4, 0.5]
/** Readers per second. */
const rates = [0.5, 1, 2, 4, 8]

export function sweepPolluters(scenario: Scenario): Step[] {
  return shares.map((at) => ({ at, measures: measure({ ...scenario, polluters: at }) }))
}

export function sweepArrivals(scenario: Scenario): Step[] {
  return rates.map((at) => ({
    at,
    measures: measure({ ...scenario, arrival: { kind: 'poisson', rate: at } }),
  }))
}

/**
 * Success ratio, download time and its fairness for both architectures: the axes of Leibnitz, Hoßfeld, Wakamiya & Murata,
 * "Peer-to-Peer vs. Client/Server: Reliability and Efficiency of a Content Distribution Service" (2007).
 */
export function panels(steps: readonly Step[], x: string): Panel[] {
  const both = (of: (outcome: Measures['swarm']) => number): Panel['lines'] => [
    line('PeerPress', '#0b6e4f', steps, ({ swarm }) => of(swarm)),
    line('client-server', '#b3261e', steps, ({ clientServer }) => of(clientServer)),
  ]
  return [
    { title: 'Success ratio', x, y: 'readers that got everything', lines: both(({ success }) => success) },
    { title: 'Download time', x, y: 'median, s', lines: both(({ p50 }) => p50 / 1000) },
    { title: 'Fairness of download time', x, y: 'Jain’s index', lines: both(({ fairness }) => fairness) },
  ]
}

function line(
  name: string,
  colour: string,
  steps: readonly Step[],
  of: (measures: Measures) => number,
): Panel['lines'][number] {
  const points = steps
    .map(({ at, measures }): [number, number] => [at, of(measures)])
    // Where nobody got it there is no time to show.
    .filter(([, value]) => Number.isFinite(value))
  return { name, colour, points }
}
