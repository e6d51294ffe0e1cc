import {
  type MetricPath,
  metricPaths,
  type Metrics,
  metricsByPath,
  type Quantile,
  type Ratings,
} from '@peerpress/store'
import { nameOfMetric } from '../types/enums.ts'

/** Media type of OpenMetrics 1.0. */
export const openMetricsType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/**
 * Returns the metrics of a site over a window as OpenMetrics text. All are gauges: a window slides, so that its sums may
 * fall. What was not measured has no sample.
 */
export function openMetrics(site: string, window: string, metrics: Metrics): string {
  const labels = `site="${escaped(site)}",window="${escaped(window)}"`
  return `${metricPaths.flatMap((path) => family(path, labels, metrics)).join('\n')}\n# EOF\n`
}

function family(path: MetricPath, labels: string, metrics: Metrics): string[] {
  const metric = metricsByPath.get(path)
  if (metric === undefined) return []
  const name = `peerpress_site_${nameOfMetric(path).toLowerCase()}`
  const value = path
    .split('.')
    .reduce<unknown>((inner, part) => (inner as Readonly<Record<string, unknown>>)[part], metrics)
  return [
    `# TYPE ${name} gauge`,
    `# HELP ${name} ${escaped(`${metric.description} Unit: ${metric.unit}.`)}`,
    ...samplesOf(metric.kind, value).map(([extra, number]) => `${name}{${labels}${extra}} ${number}`),
  ]
}

function samplesOf(kind: string, value: unknown): (readonly [extra: string, value: number])[] {
  if (value === null || value === undefined) return []
  if (kind === 'percentile') {
    const { value: middle, low, high } = value as Quantile
    return [
      [',bound="value"', middle],
      [',bound="low"', low],
      [',bound="high"', high],
    ]
  }
  if (kind === 'ratings') {
    const { good, needsImprovement, poor } = value as Ratings
    return [
      [',rating="good"', good],
      [',rating="needs_improvement"', needsImprovement],
      [',rating="poor"', poor],
    ]
  }
  if (kind === 'verdict') return value === 'unknown' ? [] : [['', value === 'yes' ? 1 : 0]]
  return [['', value as number]]
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}
