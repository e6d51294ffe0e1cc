import type { BenchRow } from '@peerpress/cli'
import type { Measures } from '../simulate/measures.ts'

/** The figures of one scenario. */
export function rowsOf(name: string, measures: Measures): BenchRow[] {
  const { swarm, clientServer, limit, originLoad, waste, uploadFairness } = measures
  const metric = (what: string): string => `${name}: ${what}`
  return [
    ...(['p50', 'p95', 'max'] as const).flatMap((which) => [
      against(metric(`${which}, s`), swarm[which] / 1000, ['fluid limit', limit / 1000]),
      against(metric(`${which}, s`), swarm[which] / 1000, ['client-server', clientServer[which] / 1000]),
    ]),
    against(metric('success'), swarm.success, ['client-server', clientServer.success]),
    against(metric('origin load'), originLoad, ['client-server', 1]),
    alone(metric('waste'), waste),
    against(metric('fairness of download time'), swarm.fairness, ['client-server', clientServer.fairness]),
    alone(metric('fairness of upload'), uploadFairness),
  ]
}

/** The same row held to a target: its ratio, or the figure itself, must not exceed it. */
export function held(row: BenchRow, most: number): BenchRow {
  const value = row.ratio ?? row.ours
  return { ...row, target: `≤ ${most}`, met: value <= most }
}

export function against(
  metric: string,
  ours: number,
  [name, theirs]: readonly [name: string, theirs: number],
): BenchRow {
  return { metric, ours, against: name, theirs, ratio: ours / theirs, target: null, met: null }
}

export function alone(metric: string, ours: number): BenchRow {
  return { metric, ours, against: null, theirs: null, ratio: null, target: null, met: null }
}
