import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

const minSamples = 100
/**
 * Weight of the largest element from which on it is heavy, bytes: at 1.6 Mbit/s, the connection that Lighthouse simulates, it
 * takes 1 s of the 2.5 s that a good LCP has (https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md).
 */
const maxSize = 200_000
/** ms: https://web.dev/articles/lcp */
const goodLcp = 2500

/** A picture that is the largest element of slow views, and heavier than that place allows. */
export const heavyPicture = {
  name: 'heavy-picture',
  title: 'A picture is too heavy for its place',
  description: 'The largest element of slow views is too heavy.',
  find: ({ pictures, postUrls }: SiteFacts) =>
    pictures.flatMap(({ url, size, post, views: { speed } }): Finding[] => {
      const { lcp } = speed
      if (lcp === null || lcp.samples < minSamples || lcp.low <= goodLcp || size <= maxSize) return []
      const effect = 1 - maxSize / size
      return [
        {
          subject: url,
          effect,
          score: effect * lcp.samples,
          content: {
            sentence: `The picture ${nameOf(url)} is too heavy for its place: it weighs ${figureText(size, 'bytes')} and is the largest element of ${lcp.samples} views, whose LCP is ${figureText(lcp.value, 'ms')} (75th percentile).`,
            action: `Save it in the size at which it is shown, as WebP or AVIF, below ${figureText(maxSize, 'bytes')}.`,
            link: postUrls.get(post) ?? url,
            samples: lcp.samples,
            minSamples,
            figures: [
              { name: 'Weight', unit: 'bytes', value: size, comparedWith: maxSize },
              { name: 'LCP, 75th percentile', unit: 'ms', value: lcp.value, comparedWith: goodLcp },
            ],
            reasons: [],
            country: null,
            post,
          },
        },
      ]
    }),
} as const satisfies Rule

/** Returns the last part of an address' path. */
function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1) || url
}
