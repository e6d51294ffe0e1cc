import type { EstimateFragment, FiguresFragment } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { totalBytes } from '../../report/sources.ts'
import { EstimateCell } from './estimate.tsx'
import { NotMeasured } from './not-measured.tsx'
import type { Column } from '../tables/report-table.tsx'
import { duration, milliseconds } from './scales.ts'
import { ShareBar } from './source-bar.tsx'

/** A row of a breakdown. */
export interface FigureRow {
  readonly key: string | null
  /** The graph's name for the key. @default none is known */
  readonly label?: string
  readonly metrics: FiguresFragment
}

/** The columns of every breakdown, after the column that names its rows. */
export const figureColumns: readonly Column<FigureRow>[] = [
  {
    header: metricLabels.views.shortLabel,
    sortBy: ({ metrics }) => metrics.views,
    cell: ({ metrics }) => format.count(metrics.views),
  },
  {
    header: metricLabels['speed.lcp'].shortLabel,
    sortBy: ({ metrics }) => metrics.speed.lcp?.value ?? null,
    cell: ({ metrics }) => <EstimateCell estimate={metrics.speed.lcp} scale={milliseconds} />,
    csv: estimateCsv(`${metricLabels['speed.lcp'].shortLabel} (ms)`, ({ metrics }) => metrics.speed.lcp),
  },
  {
    header: metricLabels['delivery.peerHitRatio'].shortLabel,
    sortBy: ({ metrics }) => metrics.delivery.peerHitRatio,
    cell: ({ metrics }) => <Ratio ratio={metrics.delivery.peerHitRatio} />,
  },
  {
    header: messages.tables.bytes,
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
    header: metricLabels['reliability.assetSuccessRatio'].shortLabel,
    sortBy: ({ metrics }) => metrics.reliability.assetSuccessRatio,
    cell: ({ metrics }) => <Ratio ratio={metrics.reliability.assetSuccessRatio} />,
  },
  {
    header: metricLabels['engagement.engagedMs'].shortLabel,
    sortBy: ({ metrics }) => metrics.engagement.engagedMs?.value ?? null,
    cell: ({ metrics }) => <EstimateCell estimate={metrics.engagement.engagedMs} scale={duration} />,
    csv: estimateCsv(
      `${metricLabels['engagement.engagedMs'].shortLabel} (ms)`,
      ({ metrics }) => metrics.engagement.engagedMs,
    ),
  },
]

/** The columns of figures for rows of which some have none. */
export function figureColumnsOf<Row>(figuresOf: (row: Row) => FigureRow | null): readonly Column<Row>[] {
  return figureColumns.map(({ header, sortBy, cell, csv }): Column<Row> => {
    const valueOf = <Value,>(row: Row, value: (of: FigureRow) => Value) => {
      const figures = figuresOf(row)
      return figures && value(figures)
    }
    return {
      header,
      sortBy: (row) => valueOf(row, sortBy),
      cell: (row) => valueOf(row, cell) ?? <NotMeasured />,
      ...(csv && {
        csv: csv.map(({ header: name, value }) => ({ header: name, value: (row) => valueOf(row, value) })),
      }),
    }
  })
}

/** The columns of a percentile in a CSV file: the value, its interval and the number of samples. */
function estimateCsv(
  header: string,
  of: (row: FigureRow) => EstimateFragment | null,
): NonNullable<Column<FigureRow>['csv']> {
  const { tables } = messages
  return [
    { header, value: (row) => of(row)?.value ?? null },
    { header: tables.low(header), value: (row) => of(row)?.low ?? null },
    { header: tables.high(header), value: (row) => of(row)?.high ?? null },
    { header: tables.samples(header), value: (row) => of(row)?.samples ?? null },
  ]
}

function Ratio({ ratio }: { readonly ratio: number | null }) {
  return ratio === null ? <NotMeasured /> : <>{format.ratio(ratio)}</>
}
