import { type Group, percentile } from './metric.ts'

/** What readers did with the page. */
export const engagement = {
  kind: 'group',
  typeName: 'Engagement',
  description: 'What readers did with the page: medians.',
  members: {
    engagedMs: percentile({
      label: 'Engaged time, median',
      shortLabel: 'Engaged, median',
      unit: 'ms',
      description: 'Visible and focused, ms.',
      measure: { name: 'engaged_ms', p: 0.5, scale: 1 },
    }),
    scrollDepth: percentile({
      label: 'Scroll depth, median',
      unit: 'ratio 0-1',
      description: 'Furthest point reached, 0-1.',
      measure: { name: 'scroll_depth', p: 0.5, scale: 10_000, max: 10_000 },
    }),
  },
} as const satisfies Group
