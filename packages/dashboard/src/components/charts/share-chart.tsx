import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import type { SourcesFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { type SeriesPoint, shareChart } from '../../report/share-series.ts'
import { sources } from '../../report/sources.ts'
import type { ChartInterval } from '../../report/time-range.ts'
import { TimeChart } from './time-chart.tsx'

interface ShareChartProps {
  readonly series: readonly SeriesPoint<{ readonly delivery: { readonly bytes: SourcesFragment } }>[]
  /** The end of the report. */
  readonly to: string
  readonly interval: ChartInterval
  /** The site's. */
  readonly timeZone: string
  readonly marks: readonly number[]
  readonly children?: ComponentChildren
}

/** The sources of bytes by interval. */
export function ShareChart({ series, to, interval, timeZone, marks, children }: ShareChartProps) {
  const data = useMemo(() => shareChart(series, { to: Date.parse(to), now: Date.now() }), [series])
  const { delivery, charts } = messages
  return (
    <TimeChart
      title={delivery.shareTitle}
      hint={delivery.shareHint(charts.unit[interval])}
      tableCaption={delivery.shareTable}
      data={data}
      interval={interval}
      timeZone={timeZone}
      format={format.ratio}
      formatMark={format.percent}
      noteOf={(point, line) => {
        const source = sources[line]
        const bytes = source && series[point]?.metrics.delivery.bytes[source.key]
        return bytes === undefined ? null : format.bytes(bytes)
      }}
      marks={marks}
    >
      {children}
    </TimeChart>
  )
}
