import { minVisits } from '../../regions/visibility.ts'
import type { ReasonKind } from '../../regions/reasons.ts'
import { countryName, figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

/** Weeks over which a loss of visits is added up, as other rules count views. */
const weeks = 4

const actions: Readonly<Record<ReasonKind, string>> = {
  'shown-less':
    'Update the posts that readers there searched for, or write about what they search now; check in Search Console which queries lost impressions.',
  'clicked-less':
    'Rewrite titles and descriptions of the posts that are shown there, and compare them with the results around them.',
  slower: 'Run a seed near these readers, or move large pictures below the fold: text is not the problem.',
  'less-reliable':
    'Find the assets that fail there in the reports by country, and run a seed near these readers.',
  'read-less': 'Compare what these readers search with what the posts say in their first paragraphs.',
}

/** A region whose search visits fell more than those of the others. */
export const laggingRegion = {
  name: 'lagging-region',
  title: 'A region lags',
  description: 'Search visits fell more in a country than elsewhere.',
  find: ({ site, regions: { regions, season } }: SiteFacts) =>
    regions.flatMap((region): Finding[] => {
      const { country, recent, earlier, visitsRatio, test, samples, reasons } = region
      if (region.lags !== true || visitsRatio === null || test === null) return []
      const effect = 1 - visitsRatio
      const [reason] = reasons
      const sentences = [
        `Search visits from ${countryName(country)} fell by ${figureText(effect, 'share')}, to ${figureText(recent.weekly, 'visits-per-week')} a week after ${figureText(earlier.weekly, 'visits-per-week')} in the 24 weeks before.`,
        `Their share of all search visits fell from ${figureText(earlier.share, 'share')} to ${figureText(recent.share, 'share')} (odds ratio ${figureText(test.oddsRatio, 'ratio')}).`,
        ...(season === 'unknown'
          ? ['The season is unknown: there are fewer than two years of data.']
          : ['The change of the same weeks a year ago is subtracted from the odds ratio.']),
        reason === undefined
          ? 'Nothing that was measured explains it.'
          : `Most likely reason: ${reason.sentence}`,
      ]
      return [
        {
          subject: country,
          effect,
          score: effect * earlier.weekly * weeks,
          content: {
            sentence: sentences.join(' '),
            action:
              reason === undefined
                ? "Import Search Console's exports of the last 4 and the 24 weeks before, so that impressions and clicks can be compared."
                : actions[reason.kind],
            link: `/sites/${site}/regions?country=${country}`,
            samples,
            minSamples: minVisits,
            figures: [
              {
                name: 'Search visits a week',
                unit: 'visits-per-week',
                value: recent.weekly,
                comparedWith: earlier.weekly,
              },
              {
                name: 'Share of search visits',
                unit: 'share',
                value: recent.share,
                comparedWith: earlier.share,
              },
              { name: 'Odds ratio', unit: 'ratio', value: test.oddsRatio, comparedWith: 1 },
            ],
            reasons,
            country,
            post: null,
          },
        },
      ]
    }),
} as const satisfies Rule
