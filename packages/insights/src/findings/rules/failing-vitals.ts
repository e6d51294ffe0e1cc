import type { BreakdownRow, Quantile } from '@peerpress/store'
import { countryName, type FigureUnit, figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

const minSamples = 100

interface Vital {
  readonly label: string
  /** A 75th percentile up to this is good: https://web.dev/articles/defining-core-web-vitals-thresholds */
  readonly good: number
  readonly unit: FigureUnit
  readonly action: string
  readonly of: (metrics: BreakdownRow['metrics']) => Quantile | null
}

const vitals: readonly Vital[] = [
  {
    label: 'LCP',
    good: 2500,
    unit: 'ms',
    action:
      'Look at the largest elements in the reports by country, make their pictures lighter, or run a seed near these readers.',
    of: ({ speed }) => speed.lcp,
  },
  {
    label: 'INP',
    good: 200,
    unit: 'ms',
    action:
      'Find the slow element in the reports by INP target, and remove scripts that run when readers touch the page.',
    of: ({ speed }) => speed.inp,
  },
  {
    label: 'CLS',
    good: 0.1,
    unit: 'score',
    action: 'Give pictures, advertisements and embeds a width and a height, so that text does not move.',
    of: ({ speed }) => speed.cls,
  },
]

/** A country whose readers have a core web vital that is not good, beyond doubt. */
export const failingVitals = {
  name: 'failing-vitals',
  title: 'A core web vital fails in a country',
  description: 'A core web vital is not good in a country.',
  find: ({ site, countries }: SiteFacts) =>
    countries.flatMap(({ key: country, metrics }): Finding[] => {
      if (country === null) return []
      const [worst] = vitals
        .flatMap((vital) => {
          const quantile = vital.of(metrics)
          const isFailing = quantile !== null && quantile.samples >= minSamples && quantile.low > vital.good
          return isFailing ? [{ ...vital, quantile, effect: 1 - vital.good / quantile.value }] : []
        })
        .toSorted((a, b) => b.effect - a.effect)
      if (worst === undefined) return []
      const { label, good, unit, action, quantile, effect } = worst
      return [
        {
          subject: country,
          effect,
          score: effect * quantile.samples,
          content: {
            sentence: `${label} fails in ${countryName(country)}: ${figureText(quantile.value, unit)} at the 75th percentile (95 % interval ${figureText(quantile.low, unit)} to ${figureText(quantile.high, unit)}), good is up to ${figureText(good, unit)}.`,
            action,
            link: `/sites/${site}/regions?country=${country}`,
            samples: quantile.samples,
            minSamples,
            figures: [{ name: `${label}, 75th percentile`, unit, value: quantile.value, comparedWith: good }],
            reasons: [],
            country,
            post: null,
          },
        },
      ]
    }),
} as const satisfies Rule
