import type {
  EstimateFragment,
  MainFiguresFragment,
  MetricName,
  TrendsFragment,
} from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { points } from '../../components/figures/change-note.tsx'
import { duration, milliseconds } from '../../components/figures/scales.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'

/** One of the six main figures. */
export interface MainFigure {
  readonly key: string
  /** Its name in comparisons. */
  readonly metric: MetricName
  readonly label: string
  readonly format: (value: number) => string
  /** Formats the amount of a difference. @default `format` */
  readonly formatDifference?: (amount: number) => string
  readonly isMoreBetter: boolean
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
    metric: 'VIEWS',
    label: metricLabels.views.label,
    format: format.count,
    isMoreBetter: true,
    valueOf: ({ views }) => views,
    trendOf: ({ views }) => views,
    note: notes.views,
  },
  {
    key: 'lcp',
    metric: 'SPEED_LCP',
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
    metric: 'RELIABILITY_VIEW_SUCCESS_RATIO',
    label: metricLabels['reliability.viewSuccessRatio'].label,
    format: format.ratio,
    formatDifference: points,
    isMoreBetter: true,
    valueOf: ({ reliability }) => reliability.viewSuccessRatio,
    trendOf: ({ reliability }) => reliability.viewSuccessRatio,
    note: notes.viewSuccessRatio,
  },
  {
    key: 'peerHitRatio',
    metric: 'DELIVERY_PEER_HIT_RATIO',
    label: metricLabels['delivery.peerHitRatio'].label,
    format: format.ratio,
    formatDifference: points,
    isMoreBetter: true,
    valueOf: ({ delivery }) => delivery.peerHitRatio,
    trendOf: ({ delivery }) => delivery.peerHitRatio,
    note: notes.peerHitRatio,
  },
  {
    key: 'residualOriginLoad',
    metric: 'DELIVERY_RESIDUAL_ORIGIN_LOAD',
    label: metricLabels['delivery.residualOriginLoad'].label,
    format: format.ratio,
    formatDifference: points,
    isMoreBetter: false,
    valueOf: ({ delivery }) => delivery.residualOriginLoad,
    trendOf: ({ delivery }) => delivery.residualOriginLoad,
    note: notes.residualOriginLoad,
  },
  {
    key: 'engagedMs',
    metric: 'ENGAGEMENT_ENGAGED_MS',
    label: metricLabels['engagement.engagedMs'].label,
    format: format.duration,
    formatRange: duration.range,
    isMoreBetter: true,
    valueOf: ({ engagement }) => engagement.engagedMs?.value ?? null,
    estimateOf: ({ engagement }) => engagement.engagedMs,
    trendOf: ({ engagement }) => engagement.engagedMs?.value ?? null,
  },
]
