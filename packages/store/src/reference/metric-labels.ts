import { metricsByPath } from '../model/catalogue/catalogue.ts'

/** Returns the dashboard's module of labels: each metric's names for people, by path. */
export function metricLabels(): string {
  const lines = [...metricsByPath].map(([path, { label, shortLabel }]) => {
    const key = path.includes('.') ? `'${path}'` : path
    return `  ${key}: { label: '${label}', shortLabel: '${shortLabel}' },`
  })
  return `// Generated from the store's metric catalogue: npm run reference -w packages/store

/** Names of the metrics for people, by path in the graph's type \`Metrics\`. */
export const metricLabels = {
${lines.join('\n')}
} as const
`
}
