// With two thousand runs of each: PEERPRESS_INTERVAL_RUNS=2000 node --test packages/store/src/query/interval-coverage.test.ts
// With other numbers: PEERPRESS_INTERVAL_SEED.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { difference } from './experiment.ts'
import { enoughSamples, type Quantile } from '../model/values.ts'
import { ranksOf } from '../model/quantile-ranks.ts'
import { lowerEdge, upperEdge } from '../rollup/log-bins.ts'
import { quantileOfBins, type QuantileValues, type ValueLimits } from '../rollup/quantile-of-bins.ts'
import { type BinChances, drawBins, normalCdf, type Random, randomOf } from '../simulated-views.testing.ts'

const runs = Number(process.env['PEERPRESS_INTERVAL_RUNS'] ?? 200)
const seed = Number(process.env['PEERPRESS_INTERVAL_SEED'] ?? 20_261_129)
/** Standard errors that a share of the runs may be off: of two thousand, differences are to be within 94 to 97 %. */
const off = (errors: number) => errors * Math.sqrt((0.95 * 0.05) / runs)
const least = 0.95 - off(runs < 2000 ? 3 : 2.1)
const quantileLeast = 0.95 - off(3)
const most = 0.95 + Math.max(off(3), 0.02)
const p = 0.75
/** Where the standard normal distribution has reached p. */
const z = 0.674_489_750_196_081_7
const differences = [0, 0.01, 0.03]

/** How values are distributed: log-normal, rounded to a multiple of the step where there is one. */
interface Law {
  readonly median: number
  readonly sigma: number
  readonly limits?: ValueLimits
}

/** Draws the percentile that a report would have of so many views. */
type Draw = (random: Random, samples: number, law: Law) => QuantileValues

/** As of views that are in bins. */
const fromBins: Draw = (random, samples, law) =>
  quantileOfBins(drawBins(random, samples, chancesOf(law)), p, law.limits)

/** As of views one by one. */
const fromViews: Draw = (random, samples, { median, sigma }) => {
  const sorted = Float64Array.from(
    { length: samples },
    () => median * Math.exp(sigma * random.normal()),
  ).toSorted()
  const [value, low, high] = ranksOf(samples, p).map((rank) => sorted[rank - 1])
  return { value: value ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN }
}

const laws: Readonly<Record<string, Law>> = {
  'a paint': { median: 1500, sigma: 0.55 },
  'a layout shift, in ten-thousandths': { median: 130, sigma: 1.4 },
  'a narrow measure': { median: 640, sigma: 0.3 },
}

for (const [what, law] of Object.entries(laws)) {
  describe(`the 95 % interval of ${what}`, () => {
    for (const samples of [1000, 100_000, 2_000_000]) check('bins', fromBins, { law, samples })
    check('views', fromViews, { law, samples: 1000 })
    // It takes a minute: all these views are drawn and sorted.
    if (runs >= 2000 && law.sigma === 0.55) check('views', fromViews, { law, samples: 10_000 })
  })
}

function check(
  of: string,
  draw: Draw,
  { law, samples }: { readonly law: Law; readonly samples: number },
): void {
  for (const slower of differences) {
    test(`of ${samples} ${of} an arm covers a true difference of ${slower * 100} %`, (t) => {
      const found = simulate(draw, { law, samples, slower })
      t.diagnostic(JSON.stringify({ seed, ...found }))
      assert.ok(found.covered >= least && found.covered <= most, `difference: ${found.covered}`)
      assert.ok(
        found.quantileCovered >= quantileLeast && found.quantileCovered <= most,
        `percentile: ${found.quantileCovered}`,
      )
      // Of the layout shift, which is spread wider than any time, it takes more views.
      if (slower === 0.03 && samples >= 100_000 && law.sigma < 1) assert.ok(found.conclusive >= 0.99)
      if (slower === 0) assert.ok(found.conclusive <= 1 - least)
    })
  }
}

interface Simulation {
  readonly law: Law
  readonly samples: number
  /** How much higher all values of the first arm are, ratio. */
  readonly slower: number
}

/** Shares of the runs: whose interval covers the true difference, or percentile, and whose difference is conclusive. */
interface Coverage {
  readonly covered: number
  readonly quantileCovered: number
  readonly conclusive: number
}

function simulate(draw: Draw, { law, samples, slower }: Simulation): Coverage {
  const random = randomOf(seed)
  const slowed = { ...law, median: law.median * (1 + slower) }
  const [truth, baselineTruth] = [percentileOf(slowed), percentileOf(law)]
  const count = { covered: 0, quantileCovered: 0, conclusive: 0 }
  for (let run = 0; run < runs; run++) {
    const quantile = quantileFrom(draw(random, samples, slowed), samples)
    const found = difference(quantile, quantileFrom(draw(random, samples, law), samples))
    assert.ok(found)
    if (covers(quantile, truth)) count.quantileCovered++
    if (covers(found, truth - baselineTruth)) count.covered++
    if (found.conclusive) count.conclusive++
  }
  return {
    covered: count.covered / runs,
    quantileCovered: count.quantileCovered / runs,
    conclusive: count.conclusive / runs,
  }
}

function quantileFrom(values: QuantileValues, samples: number): Quantile {
  return { p, ...values, samples, enough: samples >= enoughSamples, error: 0 }
}

function covers({ low, high }: { readonly low: number; readonly high: number }, truth: number): boolean {
  return low <= truth && truth <= high
}

function percentileOf({ median, sigma, limits }: Law): number {
  const value = median * Math.exp(sigma * z)
  return limits?.step === undefined ? value : Math.round(value / limits.step) * limits.step
}

/** The bins that have a chance worth naming; the first and the last one have that of what is beyond, too. */
function chancesOf({ median, sigma, limits }: Law): BinChances {
  const known = chances.get(`${median} ${sigma}`)
  if (known !== undefined) return known
  const reached = (value: number) => (value <= 0 ? 0 : normalCdf(Math.log(value / median) / sigma))
  const made = new Map<number, number>()
  const lastBin = 1022
  for (let bin = 0; bin <= lastBin; bin++) {
    const [from, to] = rounds([lowerEdge(bin), bin === lastBin ? Infinity : upperEdge(bin)], limits?.step)
    const chance = reached(to) - reached(from)
    if (chance > 0) made.set(bin, chance)
  }
  chances.set(`${median} ${sigma}`, made)
  return made
}
const chances = new Map<string, BinChances>()

/** What is rounded into a bin, where values are. */
function rounds([from, to]: readonly [number, number], step: number | undefined): [number, number] {
  if (step === undefined) return [from, to]
  const edge = (value: number) => (value === 0 ? 0 : (Math.ceil(value / step) - 0.5) * step)
  return [edge(from), edge(to)]
}

describe('an interaction, in steps of 8 ms', () => {
  const law: Law = { median: 120, sigma: 0.7, limits: { step: 8 } }
  for (const slower of differences) {
    for (const samples of [1000, 100_000, 2_000_000]) {
      test(`has values of the steps: ${samples} views an arm, ${slower * 100} % slower`, (t) => {
        const found = simulate(fromBins, { law, samples, slower })
        t.diagnostic(JSON.stringify({ seed, ...found }))
        // More, where chance moves the percentile by less than a step.
        assert.ok(found.covered >= least && found.quantileCovered >= least, JSON.stringify(found))
      })
    }
  }
})
