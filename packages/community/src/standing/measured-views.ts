import type { Store } from '@peerpress/store'

/** Days whose views count. */
const days = 366
const dayMs = 86_400_000
/** Sites whose number is remembered. */
const maxRemembered = 10_000

/** Counts the measured views of people, for sites that need a number of them. */
export interface MeasuredViews {
  /** Returns the number of a site's views of the last year; once it was at least `enough`, only that it was. */
  count(site: string, enough: number): Promise<number>
}

/** @param store counts no bots */
export function createMeasuredViews(store: Pick<Store, 'reportsFor'>, now: () => number): MeasuredViews {
  const reached = new Map<string, number>()
  return {
    count: async (site, enough) => {
      const known = reached.get(site)
      if (known !== undefined && known >= enough) return known
      const range = { site, from: new Date(now() - days * dayMs), to: new Date(now()) }
      const { views } = await store.reportsFor({ caller: reached }).totals({ ...range, metrics: ['views'] })
      if (views >= enough) {
        if (reached.size >= maxRemembered) reached.clear()
        reached.set(site, views)
      }
      return views
    },
  }
}
