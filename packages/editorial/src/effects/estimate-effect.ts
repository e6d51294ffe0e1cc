import { studentQuantile } from '@peerpress/insights'

/** What one page had in two periods of equal length: search visits, or any other amount that is not negative. */
export interface PagePeriods {
  /** In the period before the change. */
  readonly before: number
  /** In the period after it. */
  readonly after: number
}

/** How much a change of pages changed an amount, or why that is not known. */
export type Effect =
  | {
      readonly isEnough: true
      /** The changed pages' growth ÷ that of the waiting pages − 1, ratio: 0.2 is 20 % more. */
      readonly effect: number
      /** Ends of the 95 % interval, ratio. */
      readonly low: number
      readonly high: number
      /** Pages that count in it. */
      readonly pages: { readonly changed: number; readonly waiting: number }
    }
  | {
      readonly isEnough: false
      /** `pages`: a half has too few pages, or a few of its pages have almost all of the amount. `amount`: too small. */
      readonly lacks: 'pages' | 'amount'
      readonly pages: { readonly changed: number; readonly waiting: number }
    }

/** Minimum pages of each half. */
export const minPages = 10
/** Minimum of the independent pages that a half is worth. Below it a few pages decide the figure. */
const minWorth = 3
/** Minimum amount of each half in each period. A growth is not defined from 0. */
const minAmount = 50

/**
 * Compares pages that were changed with pages that wait, by difference in differences: the Poisson regression of the amount on
 * page, period and (changed × after). With two periods, its estimate is the ratio of the halves' growths, whatever the pages'
 * sizes (Hausman, Hall, Griliches, Econometrica 52, 1984). Its errors are clustered by page, with the leverage correction
 * CR2 and Satterthwaite's degrees of freedom (Bell and McCaffrey, Survey Methodology 28, 2002), so that pages may differ in
 * their trend and one page's visits may depend on each other.
 */
export function estimateEffect(given: {
  readonly changed: readonly PagePeriods[]
  readonly waiting: readonly PagePeriods[]
}): Effect {
  const changed = given.changed.filter(isSeen)
  const waiting = given.waiting.filter(isSeen)
  const pages = { changed: changed.length, waiting: waiting.length }
  if (changed.length < minPages || waiting.length < minPages)
    return { isEnough: false, lacks: 'pages', pages }
  const amounts = [changed, waiting].flatMap((half) => [sumOf(half, 'before'), sumOf(half, 'after')])
  if (Math.min(...amounts) < minAmount) return { isEnough: false, lacks: 'amount', pages }
  if (Math.min(worthOf(changed), worthOf(waiting)) < minWorth) {
    return { isEnough: false, lacks: 'pages', pages }
  }
  const [ours, others] = [growthOf(changed), growthOf(waiting)]
  const difference = ours.growth - others.growth
  const variance = ours.variance + others.variance
  const freedom = variance ** 2 / (ours.variance ** 2 / ours.freedom + others.variance ** 2 / others.freedom)
  // Without any variance every page grew alike, and the interval is one point.
  const margin = variance === 0 ? 0 : studentQuantile(0.975, freedom) * Math.sqrt(variance)
  return {
    isEnough: true,
    effect: Math.expm1(difference),
    low: Math.expm1(difference - margin),
    high: Math.expm1(difference + margin),
    pages,
  }
}

/** The logarithm of a half's growth, with its variance. */
interface Growth {
  readonly growth: number
  readonly variance: number
  /** Degrees of freedom of the variance. */
  readonly freedom: number
}

function growthOf(pages: readonly PagePeriods[]): Growth {
  const before = sumOf(pages, 'before')
  const after = sumOf(pages, 'after')
  let variance = 0
  for (const page of pages) {
    // How far the page moves the logarithm of the growth. Its own weight hides a part of that.
    const moves = page.after / after - page.before / before
    variance += moves ** 2 / (1 - shareOf(page, { before, after }))
  }
  return {
    growth: Math.log(after / before),
    variance,
    freedom: Math.max(1, worthOf(pages) - 1),
  }
}

/** Returns how many pages of equal size say as much: (Σ w²)² ÷ Σ w⁴ for the pages' shares w. */
function worthOf(pages: readonly PagePeriods[]): number {
  const total = { before: sumOf(pages, 'before'), after: sumOf(pages, 'after') }
  const squares = pages.map((page) => shareOf(page, total) ** 2)
  const sum = squares.reduce((all, square) => all + square, 0)
  return sum ** 2 / squares.reduce((all, square) => all + square ** 2, 0)
}

/** The page's weight in its half, 0-1. */
function shareOf({ before, after }: PagePeriods, total: PagePeriods): number {
  return (before / total.before + after / total.after) / 2
}

function sumOf(pages: readonly PagePeriods[], period: keyof PagePeriods): number {
  return pages.reduce((sum, page) => sum + page[period], 0)
}

/** A page without any amount in either period says nothing about growth. */
function isSeen({ before, after }: PagePeriods): boolean {
  return before + after > 0
}
