import type { Registry, SearchPeriod } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import type { ChosenFigures } from '../search-console/chosen-figures.ts'

/** What a search engine showed of the pages in one language, per day. */
export interface LanguageFigures {
  /** BCP 47, as the pages name it; null for pages whose language is not known. */
  readonly language: string | null
  readonly recent: { readonly clicks: number; readonly impressions: number }
  readonly earlier: { readonly clicks: number; readonly impressions: number }
}

/** Pages that are read: those with most impressions. */
const maxPages = 1000

/** Returns the figures of two periods by the language of the pages that were shown, most impressions first. */
export async function languageFigures(
  { registry, figures }: { readonly registry: Pick<Registry, 'pageTexts'> } & Pick<ChosenFigures, 'figures'>,
  site: SiteId,
  periods: Readonly<Record<'recent' | 'earlier', SearchPeriod & { readonly days: number }>>,
): Promise<LanguageFigures[]> {
  const texts = await registry.pageTexts.list(site)
  const languages = new Map(texts.map(({ url, content }) => [addressOf(url), content?.language ?? null]))
  const sumsOf = async ({ firstDay, lastDay, days }: SearchPeriod & { readonly days: number }) => {
    const query = { site, firstDay, lastDay, kind: 'page', order: 'impressions', after: null } as const
    const sums = new Map<string | null, { clicks: number; impressions: number }>()
    for (const { key, clicks, impressions } of await figures({ ...query, limit: maxPages })) {
      const language = languages.get(addressOf(key)) ?? null
      const sum = sums.get(language) ?? { clicks: 0, impressions: 0 }
      sums.set(language, {
        clicks: sum.clicks + clicks / days,
        impressions: sum.impressions + impressions / days,
      })
    }
    return sums
  }
  const [recent, earlier] = [await sumsOf(periods.recent), await sumsOf(periods.earlier)]
  const none = { clicks: 0, impressions: 0 }
  return [...new Set([...recent.keys(), ...earlier.keys()])]
    .map((language) => ({
      language,
      recent: recent.get(language) ?? none,
      earlier: earlier.get(language) ?? none,
    }))
    .toSorted((a, b) => b.earlier.impressions - a.earlier.impressions)
}

/** Returns an address without query and fragment. */
function addressOf(url: string): string {
  const parsed = URL.parse(url)
  return parsed === null ? url : parsed.origin + parsed.pathname
}
