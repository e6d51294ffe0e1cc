import { changePointOf } from '../../statistics/change-point.ts'
import { figureText } from '../figure.ts'
import type { Finding, Rule, SiteFacts } from '../finding.ts'

/** Measured views before the change, and from it on. */
const minSamples = 200
/** Views of a day from which on its percentile counts. */
const minOfDay = 10
/** A smaller rise of LCP is none that a reader would notice. */
const leastRatio = 1.1
const dayMs = 86_400_000
/** A release is likely to be the cause if the change begins on its day or on the next. */
const maxDelayDays = 1

/** Pages that became slower right after a new version of the theme, of a plugin or of PeerPress. */
export const changeAfterRelease = {
  name: 'change-after-release',
  title: 'Pages became slower after a release',
  description: 'LCP rose right after a new version of a part of the site.',
  find: ({ site, days, releases }: SiteFacts) => {
    const measured = days.flatMap(({ start, metrics }) => {
      const { lcp } = metrics.speed
      return lcp === null || lcp.samples < minOfDay || lcp.value <= 0
        ? []
        : [{ at: start.getTime(), value: lcp.value, samples: lcp.samples }]
    })
    const change = changePointOf(measured.map(({ value }) => Math.log(value)))
    const begin = change === null ? undefined : measured[change.index]
    if (change === null || begin === undefined || change.change < Math.log(leastRatio)) return []
    const after = measured.slice(change.index)
    const before = measured.slice(0, change.index)
    const samples = after.reduce((sum, of) => sum + of.samples, 0)
    if (
      Math.min(
        samples,
        before.reduce((sum, of) => sum + of.samples, 0),
      ) < minSamples
    )
      return []
    const releasedOn = ({ releasedAt }: { readonly releasedAt: Date }) =>
      Math.floor(releasedAt.getTime() / dayMs) * dayMs
    // The day before the change has views of the old version alone, so that a release on it is too early to be seen.
    return releases
      .filter((release) => {
        const delay = (begin.at - releasedOn(release)) / dayMs
        return delay >= 0 && delay <= maxDelayDays
      })
      .map(({ component, version, releasedAt }): Finding => {
        const earlier = geometricMean(before.map(({ value }) => value))
        const later = geometricMean(after.map(({ value }) => value))
        const effect = 1 - earlier / later
        const day = releasedAt.toISOString().slice(0, 10)
        return {
          subject: `${component} ${version}`,
          effect,
          score: effect * samples,
          content: {
            sentence: `Pages became slower when ${component} ${version} came on ${day}: LCP, 75th percentile of a day, rose from ${figureText(earlier, 'ms')} to ${figureText(later, 'ms')} (${samples} views since).`,
            action: `Read what changed in ${component} ${version}, and try the version before it on a copy of the site. Something else may have changed on that day, too.`,
            link: `/sites/${site}`,
            samples,
            minSamples,
            figures: [
              { name: 'LCP, 75th percentile of a day', unit: 'ms', value: later, comparedWith: earlier },
            ],
            reasons: [],
            country: null,
            post: null,
          },
        }
      })
  },
} as const satisfies Rule

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
