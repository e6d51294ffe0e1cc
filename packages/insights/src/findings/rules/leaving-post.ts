import { weightedMean } from '../../regions/evidence.ts'
import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

const minSamples = 100
/** A post is left early when its median time of attention is below this share of the other posts'. */
const leastShare = 0.5

/** A post whose readers leave much sooner than those of other posts. */
export const leavingPost = {
  name: 'leaving-post',
  title: 'Readers leave a post early',
  description: 'Readers leave a post much sooner than others.',
  find: ({ site, posts, postUrls }: SiteFacts) => {
    const read = posts.flatMap(({ key: post, metrics }) => {
      const { engagedMs, scrollDepth } = metrics.engagement
      return post === null || engagedMs === null ? [] : [{ post, engagedMs, scrollDepth }]
    })
    return read.flatMap(({ post, engagedMs, scrollDepth }): Finding[] => {
      const others = weightedMean(
        read.flatMap((of) =>
          of.post === post ? [] : [{ value: of.engagedMs.value, weight: of.engagedMs.samples }],
        ),
      )
      if (engagedMs.samples < minSamples || others === null) return []
      if (engagedMs.high >= leastShare * others) return []
      const effect = 1 - engagedMs.value / others
      const url = postUrls.get(post)
      const depth =
        scrollDepth === null
          ? ''
          : ` Half of them reach no further than ${figureText(scrollDepth.value, 'share')} of the page.`
      return [
        {
          subject: post,
          effect,
          score: effect * engagedMs.samples,
          content: {
            sentence: `Readers leave the post ${url ?? post} early: ${figureText(engagedMs.value, 'ms')} of attention (median of ${engagedMs.samples} views), against ${figureText(others, 'ms')} in other posts.${depth}`,
            action:
              'Check that the first paragraph answers what the title promises, and that nothing covers the text while the page loads.',
            link: url ?? `/sites/${site}/posts`,
            samples: engagedMs.samples,
            minSamples,
            figures: [
              { name: 'Engaged time, median', unit: 'ms', value: engagedMs.value, comparedWith: others },
              ...(scrollDepth === null
                ? []
                : [
                    {
                      name: 'Scroll depth, median',
                      unit: 'share' as const,
                      value: scrollDepth.value,
                      comparedWith: null,
                    },
                  ]),
            ],
            reasons: [],
            country: null,
            post,
          },
        },
      ]
    })
  },
} as const satisfies Rule
