import { useMemo } from 'preact/hooks'
import { AnnotationList } from '../../components/annotations/annotation-list.tsx'
import { ShareChart } from '../../components/charts/share-chart.tsx'
import { TimeChart } from '../../components/charts/time-chart.tsx'
import { NoViews } from '../../components/get-started.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { DeliveryDocument, type DeliveryQuery } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { hasFilter } from '../../report/report-filter.ts'
import { chartPoints } from '../../report/share-series.ts'
import type { TimeChartData } from '../../report/time-chart.ts'
import { type ReportResult, useSiteReport } from '../../report/use-report.ts'
import type { SitePageProps } from '../site-page.ts'
import { DeliveryTotals } from './delivery-totals.tsx'
import { ExperimentPanel } from './experiment-panel.tsx'

/** Where bytes came from, what the site still had to send, and whether peers helped. */
export function Delivery(props: SitePageProps) {
  const { site, state, onState } = props
  const report = useSiteReport(DeliveryDocument, { site, state }, {})
  return (
    <ReportView
      report={report}
      timeZone={site.timeZone}
      state={state}
      onState={onState}
      announce={(data) => messages.states.views(format.count(data.site?.report.sections.totals?.views ?? 0))}
    >
      {(result) => <Content {...props} result={result} onChange={report.reload} />}
    </ReportView>
  )
}

interface ContentProps extends SitePageProps {
  readonly result: ReportResult<DeliveryQuery>
  readonly onChange: () => void
}

function Content({ site, state, result, onChange }: ContentProps) {
  const { data, range, interval } = result
  const report = data.site?.report
  const marks = useMemo(
    () => report?.annotations.map(({ at }) => Date.parse(at)) ?? [],
    [report?.annotations],
  )
  const residual = useMemo(() => residualChart(report ?? null), [report])
  if (report === undefined) return null
  const { delivery, charts } = messages
  const { sections } = report
  if (sections.totals?.views === 0) return <NoViews range={range} isFiltered={hasFilter(state.filter)} />
  const time = { interval, timeZone: site.timeZone, marks } as const
  return (
    <>
      <Section of={sections.totals} title={delivery.totals}>
        {(totals) => <DeliveryTotals totals={totals} compared={report.compare ?? null} />}
      </Section>
      <Section of={sections.experiment} title={delivery.experiment}>
        {(experiment) => <ExperimentPanel experiment={experiment} />}
      </Section>
      <Section of={sections.series} title={delivery.shareTitle}>
        {(series) => (
          <>
            <ShareChart {...time} series={series} to={report.to}>
              <AnnotationList
                site={site}
                annotations={report.annotations}
                nameOf={(postId) => postId}
                onChange={onChange}
              />
            </ShareChart>
            <TimeChart
              {...time}
              title={delivery.residualTitle}
              hint={delivery.residualHint(charts.unit[interval])}
              tableCaption={delivery.residualTitle}
              data={residual}
              format={format.ratio}
              formatMark={format.percent}
            />
          </>
        )}
      </Section>
      <Section of={sections.networks} title={delivery.byNetwork}>
        {(rows) => (
          <BreakdownTable
            caption={delivery.byNetwork}
            header={delivery.network}
            rows={rows}
            of={{ site, range, filter: state.filter, by: 'NETWORK', limit: 50 }}
          />
        )}
      </Section>
    </>
  )
}

type Report = NonNullable<DeliveryQuery['site']>['report']

function residualChart(report: Report | null): TimeChartData {
  const label = metricLabels['delivery.residualOriginLoad'].label
  const series = report?.sections.series ?? null
  const points =
    report === null || series === null
      ? []
      : chartPoints(series, { to: Date.parse(report.to), now: Date.now() }, ({ delivery }) => ({
          values: [delivery.residualOriginLoad],
        }))
  return { kind: 'line', lines: [{ key: 'origin', label, colour: '--source-origin' }], points }
}
