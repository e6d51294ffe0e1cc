import type { EstimateFragment, MainFiguresFragment, TrendsFragment } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { duration, milliseconds } from '../../components/figures/scales.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'

/** One of the six main figures. */
export interface MainFigure {
  readonly key: string
  readonly label: string
  readonly format: (value: number) => string
  /** Whether more is better; null: neither. */
  readonly isMoreBetter: boolean | null
  readonly valueOf: (totals: MainFiguresFragment) => number | null
  /** The percentile of the value, if it is one. */
  readonly estimateOf?: (totals: MainFiguresFragment) => EstimateFragment | null
  readonly formatRange?: (low: number, high: number) => string
  readonly trendOf: (metrics: TrendsFragment) => number | null
  readonly note?: string
}

const { notes } = messages.overview

export const mainFigures: readonly MainFigure[] = [
  {
    key: 'views',
    label: metricLabels.views.label,
    format: format.count,
    isMoreBetter: true,
    valueOf: ({ views }) => views,
    trendOf: ({ views }) => views,
    note: notes.views,
  },
  {
    key: 'lcp',
    label: metricLabels['speed.lcp'].label,
    format: format.ms,
    formatRange: milliseconds.range,
    isMoreBetter: false,
    valueOf: ({ speed }) => speed.lcp?.value ?? null,
    estimateOf: ({ speed }) => speed.lcp,
    trendOf: ({ speed }) => speed.lcp?.value ?? null,
  },
  {
    key: 'viewSuccessRatio',
    label: metricLabels['reliability.viewSuccessRatio'].label,
    format: format.ratio,
    isMoreBetter: true,
    valueOf: ({ reliability }) => reliability.viewSuccessRatio,
    trendOf: ({ reliability }) => reliability.viewSuccessRatio,
    note: notes.viewSuccessRatio,
  },
  {
    key: 'peerHitRatio',
    label: metricLabels['delivery.peerHitRatio'].label,
    format: format.ratio,
    isMoreBetter: true,
    valueOf: ({ delivery }) => delivery.peerHitRatio,
    trendOf: ({ delivery }) => delivery.peerHitRatio,
    note: notes.peerHitRatio,
  },
  {
    key: 'residualOriginLoad',
    label: metricLabels['delivery.residualOriginLoad'].label,
    format: format.ratio,
    isMoreBetter: false,
    valueOf: ({ delivery }) => delivery.residualOriginLoad,
    trendOf: ({ delivery }) => delivery.residualOriginLoad,
    note: notes.residualOriginLoad,
  },
  {
    key: 'engagedMs',
    label: metricLabels['engagement.engagedMs'].label,
    format: format.duration,
    formatRange: duration.range,
    isMoreBetter: true,
    valueOf: ({ engagement }) => engagement.engagedMs?.value ?? null,
    estimateOf: ({ engagement }) => engagement.engagedMs,
    trendOf: ({ engagement }) => engagement.engagedMs?.value ?? null,
  },
]
