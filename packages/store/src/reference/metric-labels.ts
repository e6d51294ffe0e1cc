import { metricsByPath } from '../model/catalogue/catalogue.ts'

/** Returns the dashboard's module of labels: each metric's names for people and its unit, by path. */
export function metricLabels(): string {
  const lines = [...metricsByPath].map(([path, { label, shortLabel, kind, ...metric }]) => {
    // Ratings are ordered by their share of good views.
    const unit = kind === 'ratings' ? 'ratio 0-1' : metric.unit
    const key = path.includes('.') ? `'${path}'` : path
    return `  ${key}: { label: '${label}', shortLabel: '${shortLabel}', unit: '${unit}' },`
  })
  return `// Generated from the store's metric catalogue: npm run reference -w packages/store

/** Names of the metrics for people, and units, by path in the graph's type \`Metrics\`. */
export const metricLabels = {
${lines.join('\n')}
} as const
`
}
