import type { BenchRow } from '@peerpress/cli'
import { visibilityOf, type WeekWindow } from '@peerpress/insights'
import { seededRandom } from '@peerpress/swarm/simulation'
import { printReport } from '../print-report.ts'
import { laggingByProportions } from './proportion-test.ts'
import { drawWindow, nameOf, type SimulatedSite } from './simulated-site.ts'

// How often the region test errs, on sites whose truth is known. Nothing is timed: the same seed gives the same figures.
const runs = process.argv.includes('--quick') ? 40 : 1000
const seed = 20_260_301
const regions = 30
/** From 200 to 2,000 visits a day, evenly by ratio. */
const daily = Array.from({ length: regions }, (_, i) => 200 * 10 ** (i / (regions - 1)))
const fallingRegions = 3

type Test = (window: WeekWindow) => readonly string[]
const ours: Test = (window) =>
  visibilityOf(window)
    .filter(({ lags }) => lags === true)
    .map(({ country }) => country)

interface Figures {
  /** Regions that did not fall and were reported, per run. */
  falseRegions: number
  /** Regions that fell and were reported ÷ regions that fell. */
  found: number
}

const rows: BenchRow[] = []
for (const autocorrelation of [0, 0.3, 0.6]) {
  const steady = simulate({ autocorrelation, falling: 0 })
  const falling = simulate({ autocorrelation, falling: fallingRegions })
  const noise = autocorrelation === 0 ? 'independent noise' : `autocorrelation ${autocorrelation}`
  const isTarget = autocorrelation === 0
  rows.push(
    row(
      `false regions a run, ${noise}`,
      [steady[0].falseRegions, steady[1].falseRegions],
      isTarget && 'false',
    ),
    row(
      `false regions a run beside ${fallingRegions} that fall, ${noise}`,
      [falling[0].falseRegions, falling[1].falseRegions],
      isTarget && 'false',
    ),
    row(`falls of 30 % found, ${noise}`, [falling[0].found, falling[1].found], isTarget && 'found'),
  )
}
printReport('regions', rows)

/** Returns the figures of our test and of the rival, on the same sites. */
function simulate(given: { readonly autocorrelation: number; readonly falling: number }): [Figures, Figures] {
  const random = seededRandom(seed)
  const figures: [Figures, Figures] = [
    { falseRegions: 0, found: 0 },
    { falseRegions: 0, found: 0 },
  ]
  for (let run = 0; run < runs; run++) {
    // Each run has other falling regions, so that small and large ones fall.
    const falling = new Set(Array.from({ length: given.falling }, (_, i) => (run + i * 10) % regions))
    const site: SimulatedSite = {
      daily,
      noise: 0.1,
      fall: 0.3,
      autocorrelation: given.autocorrelation,
      falling,
    }
    const window = drawWindow(site, random)
    const fell = new Set([...falling].map(nameOf))
    for (const [i, test] of [ours, laggingByProportions].entries()) {
      const reported = test(window)
      const right = reported.filter((name) => fell.has(name)).length
      const of = figures[i as 0 | 1]
      of.found += right / (fell.size || 1) / runs
      of.falseRegions += (reported.length - right) / runs
    }
  }
  return figures
}

function row(
  metric: string,
  [own, theirs]: readonly [number, number],
  target: 'false' | 'found' | false,
): BenchRow {
  const targets = {
    false: { target: '≤ 0.15', met: own <= 0.15 },
    found: { target: '≥ 0.90', met: own >= 0.9 },
    none: { target: null, met: null },
  }
  return {
    metric,
    ours: own,
    against: 'two-proportion z-test',
    theirs,
    ratio: own / theirs,
    ...targets[target === false ? 'none' : target],
  }
}
