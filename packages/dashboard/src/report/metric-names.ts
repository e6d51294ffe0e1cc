import type { MetricName } from '../generated/graphql.ts'
import { metricLabels } from '../generated/metric-labels.ts'
import { messages } from '../messages/messages.ts'
import { format } from './page-format.ts'

/** A metric's names for people, and its unit. */
interface NamedMetric {
  readonly label: string
  readonly shortLabel: string
  readonly unit: string
}

/** The metrics by their names in the graph, in the order of the catalogue. */
export const metricsByName: ReadonlyMap<MetricName, NamedMetric> = new Map(
  Object.entries(metricLabels).map(([path, metric]) => [metricNameOf(path), metric]),
)

/** Returns the graph's name of a metric: `DELIVERY_PEER_HIT_RATIO` for `delivery.peerHitRatio`. */
function metricNameOf(path: string): MetricName {
  const words = path.replaceAll('.', '_').replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
  return words.toUpperCase() as MetricName
}

/** Formats the value by which rows are ordered: of ratings it is the share of good views, of a verdict 1 for a pass. */
export function formatMetric(name: MetricName, value: number): string {
  if (name === 'ENGAGEMENT_ENGAGED_MS') return format.duration(value)
  const { unit = '' } = metricsByName.get(name) ?? {}
  switch (unit) {
    case 'ms':
      return format.ms(value)
    case 'bytes':
      return format.bytes(value)
    case 'ratio 0-1':
      return format.ratio(value)
    case 'score':
      return value.toFixed(3)
    case 'yes, no or unknown':
      return value === 1 ? messages.posts.passed : messages.posts.failed
    default:
      return format.count(value)
  }
}
