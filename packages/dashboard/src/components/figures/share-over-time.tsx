import { useMemo, useState } from 'preact/hooks'
import type { SiteReportQuery } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import type { SharePoint } from '../../report/share-series.ts'
import { sources, sourceShares, totalBytes } from '../../report/sources.ts'
import { formatInterval } from '../../report/interval-text.ts'
import type { ChartInterval } from '../../report/time-range.ts'
import { ShareChart } from './share-chart.tsx'

interface ShareOverTimeProps {
  readonly series: NonNullable<SiteReportQuery['site']>['report']['series']
  readonly interval: ChartInterval
}

/** The sources of bytes by interval: as a chart and as a table. */
export function ShareOverTime({ series, interval }: ShareOverTimeProps) {
  const [pointed, setPointed] = useState<SharePoint | null>(null)
  const points = useMemo(
    () => series.map(({ start, metrics }) => ({ start: Date.parse(start), bytes: metrics.delivery.bytes })),
    [series],
  )
  return (
    <section class="panel" aria-labelledby="share-over-time">
      <h2 id="share-over-time">Where the bytes came from, over time</h2>
      <p class="chart-readout" aria-hidden="true">
        {pointed === null
          ? `Share of asset bytes per ${interval.toLowerCase()}; a gap means that no bytes were loaded`
          : describe(pointed, interval)}
      </p>
      <ShareChart points={points} interval={interval} onPoint={setPointed} />
      <ul class="legend chart-legend" aria-hidden="true">
        {sources.map(({ key, label }) => (
          <li key={key}>
            <span class={`swatch source-${key}`} />
            {label}
          </li>
        ))}
      </ul>
      <details>
        <summary>Show as a table</summary>
        <div class="table-scroll" role="region" aria-labelledby="share-table" tabIndex={0}>
          <ShareTable points={points} interval={interval} />
        </div>
      </details>
    </section>
  )
}

function describe(point: SharePoint, interval: ChartInterval): string {
  const shares = sourceShares(point.bytes)
  const when = formatInterval(point.start, interval)
  if (shares === null) return `${when}: no asset bytes`
  const parts = sources.flatMap(({ label }, i) =>
    shares[i]! > 0 ? [`${label} ${format.ratio(shares[i]!)}`] : [],
  )
  return `${when}: ${format.bytes(totalBytes(point.bytes))}. ${parts.join(', ')}`
}

function ShareTable({
  points,
  interval,
}: {
  readonly points: readonly SharePoint[]
  readonly interval: ChartInterval
}) {
  return (
    <table>
      <caption id="share-table">
        <span>Asset bytes by source; intervals without any are left out</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">Interval</th>
          {sources.map(({ key, label }) => (
            <th key={key} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {points.map(({ start, bytes }) => {
          const shares = sourceShares(bytes)
          if (shares === null) return null
          return (
            <tr key={start}>
              <th scope="row">{formatInterval(start, interval)}</th>
              {sources.map(({ key }, i) => (
                <td key={key}>
                  {format.ratio(shares[i]!)}
                  <span class="cell-note">{format.bytes(bytes[key])}</span>
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
