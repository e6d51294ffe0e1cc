import type { BenchRow } from '@peerpress/cli'
import { kendallTau } from './kendall.ts'
import { type Outcome, simulate, type Society } from './society.ts'

const rings = [5, 10, 20, 40] as const
const camouflages = [0, 5, 17] as const

/** Figures of a kind of attack, means over all seeds. */
interface Figures {
  readonly inTop: number
  readonly inPlainTop: number
  readonly tau: number
  readonly newcomer: number
}

type Attack = Pick<Society, 'ring' | 'camouflage'> & Partial<Society>

/** Returns the rows about rings, with the highest of their means over the numbers of camouflage votes. */
export function attackRows({ seeds, days }: { readonly seeds: number; readonly days: number }): BenchRow[] {
  const peaceful = new Map<string, Outcome>()
  const societyOf = (seed: number, attack: Partial<Society>): Society => ({
    seed,
    days,
    ring: 0,
    camouflage: 0,
    camouflageEach: 'day',
    camouflageOn: 'popular',
    honestDownvote: true,
    isSleeper: false,
    isBrigade: false,
    ...attack,
  })
  const peace = (seed: number, honestDownvote: boolean): Outcome => {
    const key = `${seed} ${honestDownvote}`
    const known = peaceful.get(key) ?? simulate(societyOf(seed, { honestDownvote }))
    peaceful.set(key, known)
    return known
  }
  const figuresOf = (attack: Attack): Figures => {
    const all = Array.from({ length: seeds }, (_, seed) => {
      const outcome = simulate(societyOf(seed, attack))
      const without = peace(seed, attack.honestDownvote ?? true)
      const tau = kendallTau(without.honestScores, outcome.honestScores)
      return { ...outcome, tau }
    })
    const mean = (of: (each: (typeof all)[number]) => number) =>
      all.reduce((sum, each) => sum + of(each), 0) / seeds
    return {
      inTop: mean((each) => each.ringInTop),
      inPlainTop: mean((each) => each.ringInPlainTop),
      tau: mean((each) => each.tau),
      newcomer: mean((each) => (each.newcomerReachedTop ? 1 : 0)),
    }
  }
  const rows: BenchRow[] = []
  for (const honestDownvote of [true, false]) {
    const manner = honestDownvote ? '' : ', honest owners never downvote'
    const daily = rings.map((ring) =>
      camouflages.map((camouflage) => figuresOf({ ring, camouflage, honestDownvote })),
    )
    for (const [index, ring] of rings.entries())
      rows.push(topRow(`ring of ${ring}${manner}`, daily[index] ?? []))
    for (const [name, kind] of [
      ['sleepers', { isSleeper: true }],
      ['brigade', { isBrigade: true }],
    ] as const) {
      const figures = camouflages.map((camouflage) =>
        figuresOf({ ring: 40, camouflage, honestDownvote, ...kind }),
      )
      rows.push(topRow(`${name} of 40${manner}`, figures))
    }
    for (const camouflage of camouflages) {
      const figures = rings.map((ring) =>
        figuresOf({ ring, camouflage, honestDownvote, camouflageEach: 'run' }),
      )
      const tau = Math.min(...figures.map((each) => each.tau))
      rows.push(tauRow(`honest order, ${camouflage} camouflage votes a member${manner}`, tau, true))
    }
    const hardest = Math.min(...daily.flat().map((each) => each.tau))
    rows.push(tauRow(`honest order, up to 17 camouflage votes a member a day${manner}`, hardest, false))
    const newcomer = Math.min(...daily.flat().map((each) => each.newcomer))
    rows.push({
      ...alone(`newcomers' good posts in the top 20, share${manner}`, newcomer),
      target: '≥ 0.9',
      met: newcomer >= 0.9,
    })
  }
  return rows
}

function topRow(name: string, figures: readonly Figures[]): BenchRow {
  const ours = Math.max(...figures.map((each) => each.inTop))
  const theirs = Math.max(...figures.map((each) => each.inPlainTop))
  return {
    metric: `ring posts in the top 20, ${name}`,
    ours,
    against: 'plain net votes',
    theirs,
    ratio: ours / theirs,
    target: '≤ 1',
    met: ours <= 1,
  }
}

function tauRow(metric: string, tau: number, isTarget: boolean): BenchRow {
  const row = alone(`${metric}, Kendall τ`, tau)
  return isTarget ? { ...row, target: '≥ 0.9', met: tau >= 0.9 } : row
}

/** Returns a row of a figure without a rival. */
export function alone(metric: string, ours: number): BenchRow {
  return { metric, ours, against: null, theirs: null, ratio: null, target: null, met: null }
}
