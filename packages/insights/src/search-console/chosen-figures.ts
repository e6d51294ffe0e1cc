import type { Registry } from '@peerpress/registry'
import type { SearchFigure, SearchFiguresQuery, SearchSum, SearchSumsQuery, Store } from '@peerpress/store'

/**
 * The imported figures of sites. They are of the property that a site has chosen: when it chooses another one, the figures of the
 * one before end with the choice, whatever an import still writes. A site without a property has none.
 */
export interface ChosenFigures {
  /** Returns a page of a list. */
  figures(query: Omit<SearchFiguresQuery, 'property'>): Promise<SearchFigure[]>
  /** Returns the sums of all days of a range, by kind. */
  sums(range: Omit<SearchSumsQuery, 'property'>): Promise<SearchSum[]>
}

export function chosenFigures({
  registry,
  store,
}: {
  readonly registry: Pick<Registry, 'searchConnections'>
  readonly store: Pick<Store, 'searchFigures' | 'searchSums'>
}): ChosenFigures {
  const chosen = async (site: string) => (await registry.searchConnections.get(site))?.property ?? null
  return {
    figures: async (query) => {
      const property = await chosen(query.site)
      return property === null ? [] : store.searchFigures({ ...query, property })
    },
    sums: async (range) => {
      const property = await chosen(range.site)
      return property === null ? [] : store.searchSums({ ...range, property })
    },
  }
}
