import { type Figure, figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

const minSamples = 500
/** Peers that deliver a smaller share of the bytes do not help. */
const leastRatio = 0.02
/** A help that is missing concerns a view less than a page that is slower: its weight in the ranking. */
const weightOfMissingHelp = 0.05

/** Peers that deliver next to nothing, or that make pages slower than they are without them. */
export const idlePeers = {
  name: 'idle-peers',
  title: 'Peers do not help',
  description: 'Peers deliver next to nothing, or make pages slower.',
  find: ({ site, experiment: { assisted, control, speed } }: SiteFacts) => {
    if (assisted.views < minSamples) return []
    const { lcp } = speed
    if (lcp?.conclusive && lcp.low > 0 && control.speed.lcp !== null) {
      const without = control.speed.lcp.value
      const effect = lcp.value / (without + lcp.value)
      return [
        findingOf(site, {
          effect,
          score: effect * assisted.views,
          samples: lcp.samples,
          sentence: `Peers make pages slower: LCP is ${figureText(lcp.value, 'ms')} higher with them than the ${figureText(without, 'ms')} without (95 % interval ${figureText(lcp.low, 'ms')} to ${figureText(lcp.high, 'ms')}).`,
          action:
            'Set the mode to seeds only until the report of the experiment shows no difference, and check the tracker in /metrics.',
          figures: [
            { name: 'LCP, 75th percentile', unit: 'ms', value: without + lcp.value, comparedWith: without },
          ],
        }),
      ]
    }
    const ratio = assisted.delivery.peerHitRatio
    if (ratio === null || ratio >= leastRatio) return []
    const effect = 1 - ratio / leastRatio
    return [
      findingOf(site, {
        effect,
        score: effect * assisted.views * weightOfMissingHelp,
        samples: assisted.views,
        sentence: `Peers hardly help: they delivered ${figureText(ratio, 'share')} of the bytes in ${assisted.views} assisted views.`,
        action:
          'Run a seed, so that a post has a peer when its first readers come, and check that a TURN server is set for readers behind strict networks.',
        figures: [{ name: 'Peer-hit ratio', unit: 'share', value: ratio, comparedWith: leastRatio }],
      }),
    ]
  },
} as const satisfies Rule

interface PeerFinding {
  readonly effect: number
  readonly score: number
  readonly samples: number
  readonly sentence: string
  readonly action: string
  readonly figures: readonly Figure[]
}

function findingOf(site: string, { effect, score, ...content }: PeerFinding): Finding {
  return {
    subject: 'peers',
    effect,
    score,
    content: { ...content, link: `/sites/${site}`, minSamples, reasons: [], country: null, post: null },
  }
}
