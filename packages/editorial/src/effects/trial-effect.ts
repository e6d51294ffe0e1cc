import type { PageChange, PageTrial } from '@peerpress/registry'
import type { PageVisits, Store } from '@peerpress/store'
import { type Effect, estimateEffect } from './estimate-effect.ts'

/** Days of each period. Whole weeks, because weekdays differ. */
const periodDays = 28
const dayMs = 86_400_000

/** How much a trial changed what its pages have. */
export interface TrialEffect {
  /** The end of the period after the change: figures are given from then on, so that nobody stops at a lucky day. Null before a change is proven. */
  readonly readyAt: Date | null
  /** Null before `readyAt`. */
  readonly searchVisits: Effect | null
  /** Of the engaged time of all views. Null before `readyAt`. */
  readonly engagedTime: Effect | null
}

export interface TrialEffectSources {
  readonly store: Pick<Store, 'pageVisits'>
  /** ms since the Unix epoch. */
  readonly now: () => number
}

/**
 * Compares the pages of a trial that show their change with those that wait: the four weeks before it began with the four weeks
 * after the last change was proven, without the days between. Pages whose change was never proven do not count. A trial that was
 * rolled back earlier has no effect to measure.
 */
export async function trialEffect(
  { startedAt, rolledBackAt }: Pick<PageTrial, 'startedAt' | 'rolledBackAt'>,
  changes: readonly PageChange[],
  { store, now }: TrialEffectSources,
): Promise<TrialEffect> {
  const changed = changes.filter(({ isChangedHalf, provenAt }) => isChangedHalf && provenAt !== null)
  const waiting = changes.filter(({ isChangedHalf }) => !isChangedHalf)
  const last = Math.max(...changed.map(({ provenAt }) => provenAt?.getTime() ?? 0))
  const [site] = changes.map((of) => of.site)
  if (changed.length === 0 || site === undefined) return none
  const from = new Date(dayAfter(last))
  const readyAt = new Date(from.getTime() + periodDays * dayMs)
  if (rolledBackAt !== null && rolledBackAt < readyAt) return none
  if (now() < readyAt.getTime()) return { ...none, readyAt }
  const start = new Date(dayAfter(startedAt.getTime()) - dayMs)
  const [before, after] = await Promise.all([
    store.pageVisits({ site, from: new Date(start.getTime() - periodDays * dayMs), to: start }),
    store.pageVisits({ site, from, to: readyAt }),
  ])
  const effectOn = (amount: 'searchVisits' | 'engagedSeconds') => {
    const [first, second] = [amountsOf(before, amount), amountsOf(after, amount)]
    const periods = (pages: readonly PageChange[]) =>
      pages.map(({ post }) => ({ before: first.get(post) ?? 0, after: second.get(post) ?? 0 }))
    return estimateEffect({ changed: periods(changed), waiting: periods(waiting) })
  }
  return { readyAt, searchVisits: effectOn('searchVisits'), engagedTime: effectOn('engagedSeconds') }
}

const none: TrialEffect = { readyAt: null, searchVisits: null, engagedTime: null }

/** The next midnight, UTC: of both halves the same hours count. */
function dayAfter(time: number): number {
  return (Math.floor(time / dayMs) + 1) * dayMs
}

function amountsOf(
  visits: readonly PageVisits[],
  amount: 'searchVisits' | 'engagedSeconds',
): ReadonlyMap<string, number> {
  return new Map(visits.map((of) => [of.post, of[amount]]))
}
