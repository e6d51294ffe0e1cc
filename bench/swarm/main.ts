import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { BenchRow } from '@peerpress/cli'
import { printReport } from '../print-report.ts'
import { chart } from '../chart.ts'
import { measure, type Measures } from '../simulate/measures.ts'
import { against, alone, held, rowsOf } from './rows.ts'
import { flashMob, type Scenario, smallCrowd } from '../simulate/scenario.ts'
import { measurePost, type PostMeasures } from '../simulate/post/post-measures.ts'
import { eightBrowsers, type PostScenario, twelveBrowsers, twoDozen } from '../simulate/post/post-scenario.ts'
import { panels, sweepArrivals, sweepPolluters } from './sweep.ts'

const usage = `node bench/swarm/main.ts [--quick] [--coarse] [--readers 1000] [--seed 1] [--svg FILE]

Plays the engine that ships, on simulated networks, beside an origin that serves everybody alone.
  --readers N   readers of the crowd
  --coarse      the crowd alone, in a mode for those that are too large for the engine itself: --readers 100000
  --quick       a hundred of them
  --seed N      another seed, another run; the same seed, the same run
  --svg FILE    also vary the share of corrupted sources and the arrival rate, and draw success, time and fairness of
                both architectures (200 readers)`

/** Runs that are pooled for each crowd of a post, with seeds from `--seed` on. */
const postSeeds = 5

/** In the sweeps readers give up after ten minutes, as readers do. */
const sweepPatience = 600_000

const { values } = parseArgs({
  options: {
    readers: { type: 'string' },
    seed: { type: 'string', default: '1' },
    svg: { type: 'string' },
    quick: { type: 'boolean', default: false },
    coarse: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
} else {
  const readers = Number(values.readers ?? (values.quick ? 100 : 1000))
  const seed = Number(values.seed)
  if (!Number.isInteger(readers) || readers < 1 || !Number.isInteger(seed)) throw new Error(usage)
  if (values.svg !== undefined) draw(values.svg, { ...flashMob, readers: 200, seed, patience: sweepPatience })
  const scenario = { ...flashMob, readers, seed }
  printReport(
    'swarm',
    values.coarse
      ? rowsOf('crowd', measure(scenario, 'coarse'))
      : figures(scenario, values.quick ? 1 : postSeeds),
  )
}

/** The crowd, then the crowd with free-riders, on uneven links and with polluters, held to what they must reach. */
function figures(scenario: Scenario, postRuns: number): BenchRow[] {
  const crowd = measure(scenario)
  const riders = measure({ ...scenario, freeRiders: 0.6 })
  const slower = against('60 % free-riders: p50 of contributors, s', riders.contributors.p50 / 1000, [
    'without',
    crowd.swarm.p50 / 1000,
  ])
  const polluted = rowsOf('50 % polluters', measure({ ...scenario, polluters: 0.5 })).map((row) =>
    row.metric.includes('waste') ? held(row, 0.05) : row,
  )
  const small = rowsOf('small crowd', measure({ ...smallCrowd, seed: scenario.seed })).map((row) =>
    row.against === 'fluid limit' && row.metric.includes('p95') ? held(row, 1.25) : row,
  )
  return [
    ...crowdRows(crowd),
    against('crowd, coarse mode: p95, s', measure(scenario, 'coarse').swarm.p95 / 1000, [
      'the engine itself',
      crowd.swarm.p95 / 1000,
    ]),
    held(slower, 1.05),
    ...rowsOf('60 % free-riders', riders),
    ...rowsOf('uplinks of 0.2 and 1.8 times the rate', measure({ ...scenario, slowUp: 0.2 })),
    ...polluted,
    ...small,
    ...postRows(scenario.seed, postRuns),
  ]
}

/** Whole posts, whose readers arrive one after another, in the simulator that has both shells' rules. */
function postRows(seed: number, runs: number): BenchRow[] {
  const scenarios: Record<string, PostScenario> = {
    '8 browsers': eightBrowsers,
    '12 browsers': twelveBrowsers,
    '24 readers': twoDozen,
  }
  const seeds = Array.from({ length: runs }, (_, offset) => seed + offset)
  return Object.entries(scenarios).flatMap(([name, post]) => {
    const { p50, p95, fairShare, originLoad, spread }: PostMeasures = measurePost(post, seeds)
    const tail = against(`post, ${name}: p95, s`, p95, ['fair share at goodput', fairShare])
    return [
      { ...held(tail, 1.25), spread: { ours: spread } },
      alone(`post, ${name}: p50, s`, p50),
      alone(`post, ${name}: origin load`, originLoad),
    ]
  })
}

function crowdRows(crowd: Measures): BenchRow[] {
  return rowsOf('crowd', crowd).map((row) => {
    if (row.against === 'fluid limit' && row.metric.includes('p95')) return held(row, 1.1)
    if (row.against === 'fluid limit' && row.metric.includes('max')) return held(row, 1.2)
    return row.metric.includes('origin load') ? held(row, 0.05) : row
  })
}

function draw(file: string, scenario: Scenario): void {
  writeFileSync(
    file,
    chart([
      ...panels(sweepPolluters(scenario), 'share of corrupted sources'),
      ...panels(sweepArrivals(scenario), 'readers per second'),
    ]),
  )
}
