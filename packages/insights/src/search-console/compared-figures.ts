import type { CountryFigures, Registry, SearchPeriod } from '@peerpress/registry'
import type { SearchFigure, Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { chosenFigures } from './chosen-figures.ts'
import { addDays } from './pacific-days.ts'

/** Imported figures of the compared weeks. */
export interface ComparedFigures {
  readonly recent: ComparedDays
  readonly earlier: ComparedDays
}

export interface ComparedDays {
  readonly period: SearchPeriod
  /** Days that were read: at least three quarters of the period. */
  readonly days: number
  readonly countries: readonly CountryFigures[]
}

const recentDays = 28
const earlierDays = 168
/** Figures that end this many days before the compared weeks are too old. */
const maxAgeDays = 21
const leastShare = 0.75
const maxCountries = 300

/**
 * Returns the figures of the last 28 imported days that do not end after the compared weeks, and of the 168 days before them. Null if
 * too few days were imported.
 * @param end epoch ms: the compared weeks end here
 */
export async function comparedFigures(
  {
    registry,
    store,
  }: {
    readonly registry: Pick<Registry, 'searchConnections'>
    readonly store: Pick<Store, 'searchFigures' | 'searchSums'>
  },
  site: SiteId,
  end: number,
): Promise<ComparedFigures | null> {
  const lastOfWeeks = new Date(end - 1).toISOString().slice(0, 10)
  const imported = (await registry.searchConnections.days(site)).find(({ day }) => day <= lastOfWeeks)?.day
  if (imported === undefined || imported < addDays(lastOfWeeks, -maxAgeDays)) return null
  const firstRecent = addDays(imported, 1 - recentDays)
  const chosen = chosenFigures({ registry, store })
  const of = async (period: SearchPeriod): Promise<ComparedDays | null> => {
    const sums = await chosen.sums({ site, ...period })
    const days = sums.find(({ kind }) => kind === 'total')?.days ?? 0
    const wanted = (Date.parse(period.lastDay) - Date.parse(period.firstDay)) / 86_400_000 + 1
    if (days < leastShare * wanted) return null
    const query = { site, ...period, kind: 'country', order: 'impressions', after: null } as const
    const countries = await chosen.figures({ ...query, limit: maxCountries })
    return { period, days, countries: countries.map(countryFigures) }
  }
  const recent = await of({ firstDay: firstRecent, lastDay: imported })
  const earlier = await of({
    firstDay: addDays(firstRecent, -earlierDays),
    lastDay: addDays(firstRecent, -1),
  })
  return recent === null || earlier === null ? null : { recent, earlier }
}

function countryFigures({ key, clicks, impressions, position }: SearchFigure): CountryFigures {
  return { country: key, clicks, impressions, position: impressions === 0 ? null : position }
}
