import type { FiguresFragment } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { totalBytes } from '../../report/sources.ts'
import { duration, EstimateCell, milliseconds } from './estimate.tsx'
import { NotMeasured } from './not-measured.tsx'
import type { Column } from '../tables/report-table.tsx'
import { ShareBar } from './source-bar.tsx'

/** A row of a breakdown. */
export interface FigureRow {
  readonly key: string | null
  readonly metrics: FiguresFragment
}

/** The columns every breakdown has after the one that names its rows. */
export const figureColumns: readonly Column<FigureRow>[] = [
  {
    header: 'Views',
    sortBy: ({ metrics }) => metrics.views,
    cell: ({ metrics }) => format.count(metrics.views),
  },
  {
    header: 'LCP p75',
    sortBy: ({ metrics }) => metrics.speed.lcp?.value ?? null,
    cell: ({ metrics }) => <EstimateCell estimate={metrics.speed.lcp} scale={milliseconds} />,
  },
  {
    header: 'Peer-hit ratio',
    sortBy: ({ metrics }) => metrics.delivery.peerHitRatio,
    cell: ({ metrics }) => <Ratio ratio={metrics.delivery.peerHitRatio} />,
  },
  {
    header: 'Asset bytes',
    sortBy: ({ metrics }) => totalBytes(metrics.delivery.bytes) || null,
    cell: ({ metrics: { delivery } }) =>
      totalBytes(delivery.bytes) === 0 ? (
        <NotMeasured />
      ) : (
        <>
          {format.bytes(totalBytes(delivery.bytes))}
          <ShareBar bytes={delivery.bytes} />
        </>
      ),
  },
  {
    header: 'Asset success',
    sortBy: ({ metrics }) => metrics.reliability.assetSuccessRatio,
    cell: ({ metrics }) => <Ratio ratio={metrics.reliability.assetSuccessRatio} />,
  },
  {
    header: 'Engaged, median',
    sortBy: ({ metrics }) => metrics.engagement.engagedMs?.value ?? null,
    cell: ({ metrics }) => <EstimateCell estimate={metrics.engagement.engagedMs} scale={duration} />,
  },
]

function Ratio({ ratio }: { readonly ratio: number | null }) {
  return ratio === null ? <NotMeasured /> : <>{format.ratio(ratio)}</>
}
