import { parseArgs } from 'node:util'
import type { BenchRow } from '@peerpress/cli'
import { printReport } from '../print-report.ts'
import { minutesUntilProbesPage } from './probes.ts'
import { minutesToPage, pagesFalsely } from './views.ts'
import { plain } from './page-rules.ts'

// Months at half the error budget, in which no page is due, and outages, in which one is. The rules are those that ship; time
// is simulated. The rival are the same burn rates without the lower bound and the minimum of failures.
const { values } = parseArgs({ options: { quick: { type: 'boolean' } } })
const runs = values.quick === true ? 20 : 1000
const days = values.quick === true ? 3 : 30
const firstSeed = 1
const rival = 'plain burn rates'
/** Maximum share of runs with a false page, %. */
const maxFalse = 2
/** Views per hour, and the minutes within which 90 % of outages must page; null: no target. */
const rates = [
  [10, 35],
  [60, 12],
  [600, null],
] as const

process.stderr.write(`seeds ${firstSeed} to ${firstSeed + runs - 1}\n`)
const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index)
const rows = rates.flatMap(([viewsPerHour, maxMinutes]) => [
  falsePages(viewsPerHour),
  outage(viewsPerHour, maxMinutes),
])
printReport('alerts', [...rows, deadOrigin()])

function falsePages(viewsPerHour: number): BenchRow {
  const paged = seeds.map((seed) => pagesFalsely({ viewsPerHour, seed }, days))
  const share = (of: 'ours' | 'plain') => (100 * paged.filter((run) => run[of]).length) / runs
  return {
    metric: `${viewsPerHour} views/h, half the budget: runs of ${days} days with a false page, %`,
    ours: share('ours'),
    ...against(share('ours'), share('plain')),
    target: `≤ ${maxFalse}`,
    met: share('ours') <= maxFalse,
  }
}

function outage(viewsPerHour: number, maxMinutes: number | null): BenchRow {
  const p90 = (minutes: number[]) => minutes.toSorted((a, b) => a - b)[Math.ceil(0.9 * runs) - 1] ?? NaN
  const minutes = p90(seeds.map((seed) => minutesToPage({ viewsPerHour, seed })))
  return {
    metric: `${viewsPerHour} views/h, every view fails: minutes until 90 % page`,
    ours: minutes,
    ...against(minutes, p90(seeds.map((seed) => minutesToPage({ viewsPerHour, seed }, plain)))),
    target: maxMinutes === null ? null : `≤ ${maxMinutes}`,
    met: maxMinutes === null ? null : minutes <= maxMinutes,
  }
}

function deadOrigin(): BenchRow {
  const slowest = Math.max(...seeds.map(minutesUntilProbesPage))
  const metric = 'dead origin: minutes until probes page, slowest run'
  return { metric, ours: slowest, against: null, theirs: null, ratio: null, target: '≤ 4', met: slowest <= 4 }
}

function against(ours: number, theirs: number): Pick<BenchRow, 'against' | 'theirs' | 'ratio'> {
  // Nothing is a multiple of 0.
  return theirs === 0
    ? { against: null, theirs: null, ratio: null }
    : { against: rival, theirs, ratio: ours / theirs }
}
