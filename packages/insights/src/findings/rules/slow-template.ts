import { weightedMean } from '../../regions/evidence.ts'
import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'
import { templateOf } from '../template.ts'

const minSamples = 100
const minPosts = 2
/** ms: https://web.dev/articles/lcp */
const goodLcp = 2500
/** A template that is slower than the others by less is not the cause. */
const leastRatio = 1.25
/** Standard errors of a 95 % interval. */
const z = 1.96

interface Template {
  readonly template: string
  readonly posts: readonly { readonly url: string; readonly value: number; readonly weight: number }[]
  readonly samples: number
  /** Mean of the posts' 75th percentiles, weighted by their views, ms. */
  readonly value: number
  /** Lower end of its 95 % interval. */
  readonly low: number
}

/** Pages of one folder, which the CMS renders by one template, that are slow while others are not. */
export const slowTemplate = {
  name: 'slow-template',
  title: 'A template is slow',
  description: 'Pages of one template are slow, and slower than the others.',
  find: (facts: SiteFacts) => {
    const templates = templatesOf(facts)
    return templates.flatMap((one): Finding[] => {
      const { template, samples, value, low, posts } = one
      const others = weightedMean(
        templates
          .filter((of) => of.template !== template && of.samples >= minSamples)
          .map((of) => ({ value: of.value, weight: of.samples })),
      )
      if (samples < minSamples || posts.length < minPosts || others === null) return []
      if (low <= goodLcp || low < leastRatio * others) return []
      const effect = 1 - goodLcp / value
      const [slowest] = posts.toSorted((a, b) => b.value - a.value)
      return [
        {
          subject: template,
          effect,
          score: effect * samples,
          content: {
            sentence: `Pages like ${template} are slow: LCP is ${figureText(value, 'ms')} in ${samples} views of ${posts.length} posts (mean of their 75th percentiles), against ${figureText(others, 'ms')} elsewhere.`,
            action:
              'All of these pages are slow, so look at what they share: the template’s large picture, slider, fonts and scripts, rather than at single posts.',
            link: slowest?.url ?? `/sites/${facts.site}/posts`,
            samples,
            minSamples,
            figures: [{ name: 'LCP, 75th percentile', unit: 'ms', value, comparedWith: others }],
            reasons: [],
            country: null,
            post: null,
          },
        },
      ]
    })
  },
} as const satisfies Rule

function templatesOf({ posts, postUrls }: SiteFacts): Template[] {
  const measured = posts.flatMap(({ key, metrics }) => {
    const url = key === null ? undefined : postUrls.get(key)
    const template = url === undefined ? null : templateOf(url)
    const { lcp } = metrics.speed
    return url === undefined || template === null || lcp === null
      ? []
      : [{ template, url, value: lcp.value, weight: lcp.samples, error: (lcp.high - lcp.low) / (2 * z) }]
  })
  return [...Map.groupBy(measured, ({ template }) => template)].map(([template, of]) => {
    const samples = of.reduce((sum, { weight }) => sum + weight, 0)
    const value = weightedMean(of) ?? 0
    const error = Math.sqrt(of.reduce((sum, post) => sum + (post.weight * post.error) ** 2, 0)) / samples
    return { template, posts: of, samples, value, low: value - z * error }
  })
}
