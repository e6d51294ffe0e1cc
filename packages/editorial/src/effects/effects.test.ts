import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seededRandom } from '@peerpress/swarm/simulation'
import { drawHalves } from './draw-halves.ts'
import { estimateEffect, minPages, type PagePeriods } from './estimate-effect.ts'

const seed = 20_261_130

/** Pages of 100 visits before, whose visits after are 100 × each growth. */
const grown = (...growths: readonly number[]): PagePeriods[] =>
  growths.map((growth) => ({ before: 100, after: 100 * growth }))
const steady = (growth: number, n = 12) => grown(...Array.from({ length: n }, () => growth))

describe('the effect of a change', () => {
  test('is the growth of the changed pages ÷ that of the waiting ones', () => {
    const effect = estimateEffect({ changed: steady(1.5), waiting: steady(1.25) })
    assert.ok(effect.isEnough)
    for (const figure of [effect.effect, effect.low, effect.high]) assert.ok(Math.abs(figure - 0.2) < 1e-9)
    assert.deepEqual(effect.pages, { changed: 12, waiting: 12 })
  })

  test('has an interval that follows from how unlike the pages of a half grew', () => {
    const mixed = (spread: number) =>
      grown(...Array.from({ length: 12 }, (_, i) => 1 + (i % 2 ? spread : -spread)))
    const widths = [0.05, 0.1, 0.2].map((spread) => {
      const effect = estimateEffect({ changed: mixed(spread), waiting: mixed(spread) })
      assert.ok(effect.isEnough)
      assert.ok(effect.low < 0 && effect.high > 0)
      return Math.log1p(effect.high) - Math.log1p(effect.low)
    })
    // Twelve pages with deviation s: the mean's error is s ÷ √11, of two halves √2 times that; t(22) = 2.074.
    for (const [i, spread] of [0.05, 0.1, 0.2].entries()) {
      const expected = 2 * 2.074 * spread * Math.sqrt(2 / 11)
      assert.ok(Math.abs((widths[i] ?? 0) / expected - 1) < 0.01, `${widths[i]} is not ${expected}`)
    }
  })

  test('is not given for too few pages, too few visits, or when one page has nearly all', () => {
    const lacks = (changed: readonly PagePeriods[], waiting: readonly PagePeriods[]) => {
      const effect = estimateEffect({ changed, waiting })
      return effect.isEnough ? null : effect.lacks
    }
    assert.equal(lacks(steady(1, minPages - 1), steady(1)), 'pages')
    assert.equal(lacks(steady(1), []), 'pages')
    assert.equal(lacks(steady(1), grown(...steady(1).map(() => 0))), 'amount')
    const few = steady(1).map(() => ({ before: 1, after: 1 }))
    assert.equal(lacks(few, steady(1)), 'amount')
    const giant = [...steady(1, 20), { before: 1e6, after: 1e6 }]
    assert.equal(lacks(giant, steady(1)), 'pages')
    // Pages that nobody visited in either period are no pages of the comparison.
    assert.equal(
      lacks([...steady(1, 5), ...Array.from({ length: 20 }, () => ({ before: 0, after: 0 }))], steady(1)),
      'pages',
    )
  })
})

describe('the halves', () => {
  test('have every page once, and of each two neighbours in visits one', () => {
    console.log(`seed ${seed}`)
    const random = seededRandom(seed)
    const pages = Array.from({ length: 41 }, (_, i) => ({ post: String(i), visits: 1000 - i }))
    const { changed, waiting } = drawHalves(pages, random)
    assert.deepEqual([...changed, ...waiting].toSorted(), pages.map(({ post }) => post).toSorted())
    for (let i = 0; i < 40; i += 2) {
      assert.equal(changed.filter((post) => post === String(i) || post === String(i + 1)).length, 1)
    }
  })

  test('are another draw each time', () => {
    const random = seededRandom(seed)
    const pages = Array.from({ length: 40 }, (_, i) => ({ post: String(i), visits: 1 }))
    const draws = new Set(Array.from({ length: 10 }, () => drawHalves(pages, random).changed.join()))
    assert.equal(draws.size, 10)
    assert.deepEqual(drawHalves([], random), { changed: [], waiting: [] })
  })
})
