import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

/** Visits that the engine would have led to in four weeks. */
const minVisits = 50
/** An engine has fallen away when it leads to this share of the visits that were expected, or less. */
const maxRatio = 0.5
/** Standard errors below what was expected. */
const leastErrors = 3
/** Visits of a week vary by about a tenth without a cause (docs/decisions/2026-11-30-regions-that-lag.md). */
const noise = 0.1

/** A search engine that leads to far fewer visits than it did, while others do not. */
export const fallenEngine = {
  name: 'fallen-engine',
  title: 'A search engine fell away',
  description: 'A search engine leads to half of its visits or less, while the others do not fall as much.',
  find: ({ site, engines }: SiteFacts) =>
    engines.flatMap(({ engine, recent, earlier, weeks }): Finding[] => {
      if (engine === null) return []
      const others = engines.filter((of) => of.engine !== engine)
      const sum = (of: 'recent' | 'earlier') => others.reduce((total, one) => total + one[of], 0)
      // A fall of all engines is one of the site, or of the season.
      const trend = sum('earlier') === 0 ? 1 : Math.min(1, sum('recent') / sum('earlier'))
      const expected = earlier * weeks * trend
      const found = recent * weeks
      const error = Math.sqrt(expected + (noise * expected) ** 2)
      if (expected < minVisits || found > maxRatio * expected || expected - found < leastErrors * error)
        return []
      const effect = 1 - found / expected
      return [
        {
          subject: engine,
          effect,
          score: effect * expected,
          content: {
            sentence: `${engine} leads to ${figureText(recent, 'visits-per-week')} visits a week after ${figureText(earlier, 'visits-per-week')} in the 24 weeks before; by the trend of the other engines it would be ${figureText(earlier * trend, 'visits-per-week')}.`,
            action: `Open the webmaster tools of ${engine} and look for pages that left its index, and check that robots.txt, a firewall or a plugin does not refuse its crawler.`,
            link: `/sites/${site}/search`,
            samples: Math.round(earlier * weeks),
            minSamples: minVisits,
            figures: [
              { name: 'Search visits a week', unit: 'visits-per-week', value: recent, comparedWith: earlier },
            ],
            reasons: [],
            country: null,
            post: null,
          },
        },
      ]
    }),
} as const satisfies Rule
