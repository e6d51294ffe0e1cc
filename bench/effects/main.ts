import type { BenchRow } from '@peerpress/cli'
import { estimateEffect, type PagePeriods } from '@peerpress/editorial'
import { seededRandom } from '@peerpress/swarm/simulation'
import { printReport } from '../print-report.ts'
import { drawPages } from './simulated-pages.ts'

// How often the measured effect of a change errs, on pages whose truth is known. Nothing is timed: the same seed gives the same
// figures. The rival is the interval that takes every visit for an independent draw, as calculators for A/B tests do.
const runs = process.argv.includes('--quick') ? 100 : 1000
const firstSeed = 20_261_130
const planted = 0.2
const rival = 'independent visits'
const sites = [
  { name: '40 pages', pages: 40, spread: 0.7 },
  { name: '100 pages of very different size', pages: 100, spread: 1 },
] as const
/** Standard deviation of the logarithm of each page's own growth. */
const trend = 0.2

process.stderr.write(`seeds ${firstSeed} to ${firstSeed + sites.length * 2 - 1}\n`)
const rows: BenchRow[] = []
for (const [i, site] of sites.entries()) {
  const same = simulate({ ...site, effect: 0 }, firstSeed + 2 * i)
  const better = simulate({ ...site, effect: planted }, firstSeed + 2 * i + 1)
  rows.push(
    row(`A/A, ${site.name}: runs that find an effect, %`, same.ours.outside, same.theirs.outside, [3, 7]),
    row(
      `planted ${100 * planted} %, ${site.name}: inside the interval, %`,
      100 - better.ours.outside,
      100 - better.theirs.outside,
      [93, 97],
    ),
    width(`planted ${100 * planted} %, ${site.name}: half the interval, percentage points`, better),
    {
      metric: `${site.name}: runs with enough pages for a figure, %`,
      ours: better.answered,
      against: null,
      theirs: null,
      ratio: null,
      target: null,
      met: null,
    },
  )
}
printReport('effects', rows)

interface Figures {
  /** Runs whose interval misses the truth, %. */
  outside: number
  /** Mean half width of the interval, percentage points. */
  halfWidth: number
}

interface Simulated {
  readonly ours: Figures
  readonly theirs: Figures
  /** Runs with enough pages for a figure, %. */
  readonly answered: number
}

function simulate(
  site: { readonly pages: number; readonly spread: number; readonly effect: number },
  seed: number,
): Simulated {
  const random = seededRandom(seed)
  let answered = 0
  const figures = { ours: { outside: 0, halfWidth: 0 }, theirs: { outside: 0, halfWidth: 0 } }
  let drawn = 0
  for (; answered < runs; drawn++) {
    const halves = drawPages({ ...site, trend }, random)
    const effect = estimateEffect(halves)
    // Both are judged by the runs in which ours gives a figure.
    if (!effect.isEnough) continue
    answered++
    for (const [name, [low, high]] of [
      ['ours', [effect.low, effect.high]],
      ['theirs', independentInterval(halves)],
    ] as const) {
      if (site.effect < low || site.effect > high) figures[name].outside++
      figures[name].halfWidth += (100 * (high - low)) / 2
    }
  }
  const mean = ({ outside, halfWidth }: Figures): Figures => ({
    outside: (100 * outside) / answered,
    halfWidth: halfWidth / answered,
  })
  return { ours: mean(figures.ours), theirs: mean(figures.theirs), answered: (100 * answered) / drawn }
}

/** The rival: the logarithm of the odds of four Poisson sums, each with the variance 1 ÷ sum. */
function independentInterval(halves: {
  readonly changed: readonly PagePeriods[]
  readonly waiting: readonly PagePeriods[]
}): readonly [low: number, high: number] {
  const sum = (half: readonly PagePeriods[], period: keyof PagePeriods) =>
    half.reduce((all, page) => all + page[period], 0)
  const { changed, waiting } = halves
  const [a, b] = [sum(changed, 'after'), sum(changed, 'before')]
  const [c, d] = [sum(waiting, 'after'), sum(waiting, 'before')]
  const difference = Math.log(a / b) - Math.log(c / d)
  const margin = 1.959_963_985 * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
  return [Math.expm1(difference - margin), Math.expm1(difference + margin)]
}

function row(
  metric: string,
  ours: number,
  theirs: number,
  [least, most]: readonly [least: number, most: number],
): BenchRow {
  const met = ours >= least && ours <= most
  return { metric, ours, ...against(ours, theirs), target: `${least}-${most}`, met }
}

function width(metric: string, figures: Simulated): BenchRow {
  const [ours, theirs] = [figures.ours.halfWidth, figures.theirs.halfWidth]
  return { metric, ours, ...against(ours, theirs), target: null, met: null }
}

function against(ours: number, theirs: number): Pick<BenchRow, 'against' | 'theirs' | 'ratio'> {
  // Nothing is a multiple of 0.
  return theirs === 0
    ? { against: null, theirs: null, ratio: null }
    : { against: rival, theirs, ratio: ours / theirs }
}
