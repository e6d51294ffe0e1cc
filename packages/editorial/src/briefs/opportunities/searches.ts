import type { QueryExport, QueryFigures } from '@peerpress/registry'
import { termsOf } from '../../search/terms.ts'

/** Queries about the same, which one text can answer. */
export interface Search {
  /** The query with most impressions. */
  readonly query: string
  readonly region: string | null
  /** All of them, most impressions first. */
  readonly queries: readonly QueryFigures[]
  /** In 28 days. */
  readonly impressions: number
  readonly clicks: number
  /** Mean position weighted by impressions; null without impressions. */
  readonly position: number | null
  readonly firstDay: string
  readonly lastDay: string
}

/**
 * Click-through rate of a result at the fifth position, ratio 0-1: what a post that answers a query may reach. Backlinko, "We analyzed
 * 4 million Google search results" (2023): 27.6 % at position 1, 11.0 % at 3, 6.3 % at 5, 2.4 % at 10.
 */
const reachableRate = 0.063
/** Impressions from which on the site's own click-through rate is taken in place of it. */
const minImpressions = 500
/** Positions that the own rate is of. */
const topPositions = 5.5

const dayMs = 86_400_000
const days = 28

/** Groups queries: those with the same terms, and those that have all terms of another one of at least two terms. */
export function searchesOf(of: QueryExport): Search[] {
  const period = (Date.parse(of.lastDay) - Date.parse(of.firstDay)) / dayMs + 1
  const groups: { readonly terms: ReadonlySet<string>; readonly queries: QueryFigures[] }[] = []
  const ordered = of.queries.toSorted((a, b) => b.impressions - a.impressions)
  for (const figures of ordered) {
    const terms = new Set(termsOf(figures.query))
    if (terms.size === 0) continue
    const group = groups.find((each) => areAboutTheSame(each.terms, terms))
    if (group === undefined) groups.push({ terms, queries: [figures] })
    else group.queries.push(figures)
  }
  return groups.map(({ queries }) => {
    const impressions = total(queries, (each) => each.impressions)
    return {
      query: queries[0]?.query ?? '',
      region: of.region,
      queries,
      impressions: (impressions / period) * days,
      clicks: (total(queries, (each) => each.clicks) / period) * days,
      position:
        impressions === 0
          ? null
          : total(queries, (each) => (each.position ?? 0) * each.impressions) / impressions,
      firstDay: of.firstDay,
      lastDay: of.lastDay,
    }
  })
}

function areAboutTheSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (a.size === b.size) return a.isSubsetOf(b)
  const [few, many] = a.size < b.size ? [a, b] : [b, a]
  return few.size >= 2 && few.isSubsetOf(many)
}

/** Returns the click-through rate that a post of the site reaches with a good position. */
export function siteRate(exports: readonly QueryExport[]): number {
  const top = exports
    .filter(({ region }) => region === null)
    .flatMap(({ queries }) => queries)
    .filter(({ position }) => position !== null && position <= topPositions)
  const impressions = total(top, (each) => each.impressions)
  return impressions < minImpressions ? reachableRate : total(top, (each) => each.clicks) / impressions
}

/** Returns the visits of four weeks that a search may bring beyond those that it brings. */
export function reachableVisits({ impressions, clicks }: Search, rate: number): number {
  return Math.max(0, impressions * rate - clicks)
}

function total<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((before, each) => before + of(each), 0)
}
