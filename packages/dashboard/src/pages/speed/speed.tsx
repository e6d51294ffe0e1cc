import { useMemo } from 'preact/hooks'
import { AnnotationList } from '../../components/annotations/annotation-list.tsx'
import { TimeChart } from '../../components/charts/time-chart.tsx'
import { NoViews } from '../../components/get-started.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { SpeedDocument, type SpeedQuery } from '../../generated/graphql.ts'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { hasFilter } from '../../report/report-filter.ts'
import { chartPoints } from '../../report/share-series.ts'
import type { TimeChartData } from '../../report/time-chart.ts'
import type { RowsOf } from '../../report/use-all-rows.ts'
import { type ReportResult, useSiteReport } from '../../report/use-report.ts'
import type { SitePageProps } from '../site-page.ts'
import { Distributions } from './distributions.tsx'
import { Slowest } from './slowest.tsx'

/** How fast pages were for their readers, and what made them slow. */
export function Speed(props: SitePageProps) {
  const { site, state, onState } = props
  const report = useSiteReport(SpeedDocument, { site, state }, {})
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
  readonly result: ReportResult<SpeedQuery>
  readonly onChange: () => void
}

type Report = NonNullable<SpeedQuery['site']>['report']

function Content({ site, state, result, onChange }: ContentProps) {
  const { data, range, interval } = result
  const report = data.site?.report
  const marks = useMemo(
    () => report?.annotations.map(({ at }) => Date.parse(at)) ?? [],
    [report?.annotations],
  )
  const chart = useMemo(() => lcpChart(report ?? null), [report])
  if (report === undefined) return null
  const { sections } = report
  if (sections.totals?.views === 0) return <NoViews range={range} isFiltered={hasFilter(state.filter)} />
  const { speed, charts } = messages
  return (
    <>
      <Section of={sections.totals} title={speed.title}>
        {(totals) => (
          <Distributions speed={totals.speed} ratings={totals.ratings} compared={report.compare ?? null} />
        )}
      </Section>
      <Section of={sections.series} title={speed.overTime}>
        {() => (
          <TimeChart
            title={speed.overTime}
            hint={speed.overTimeHint(charts.unit[interval])}
            tableCaption={speed.overTime}
            data={chart}
            interval={interval}
            timeZone={site.timeZone}
            format={format.ms}
            marks={marks}
          >
            <AnnotationList
              site={site}
              annotations={report.annotations}
              nameOf={(postId) => postId}
              onChange={onChange}
            />
          </TimeChart>
        )}
      </Section>
      <SlowThings of={sections} all={{ site, range, filter: state.filter, limit: 100 }} />
      <Section of={sections.devices} title={speed.devices}>
        {(rows) => (
          <BreakdownTable
            caption={speed.devices}
            header={speed.device}
            rows={rows}
            nameOf={(key) =>
              messages.filters.devices[key.toUpperCase() as keyof typeof messages.filters.devices] ?? key
            }
          />
        )}
      </Section>
      <Section of={sections.connections} title={speed.connection}>
        {(rows) => <BreakdownTable caption={speed.connection} header={speed.connectionOf} rows={rows} />}
      </Section>
    </>
  )
}

interface SlowThingsProps {
  readonly of: Report['sections']
  /** Where CSV files get the rows that are not shown. */
  readonly all: Omit<RowsOf, 'by'>
}

function SlowThings({ of, all }: SlowThingsProps) {
  const { speed } = messages
  return (
    <>
      <Section of={of.pictures} title={speed.pictures}>
        {(rows) => (
          <Slowest
            caption={speed.pictures}
            header={speed.picture}
            rows={rows}
            of="lcp"
            all={{ ...all, by: 'LCP_URL' }}
          />
        )}
      </Section>
      <Section of={of.elements} title={speed.elements}>
        {(rows) => (
          <Slowest
            caption={speed.elements}
            header={speed.element}
            rows={rows}
            of="lcp"
            all={{ ...all, by: 'LCP_TARGET' }}
          />
        )}
      </Section>
      <Section of={of.interactions} title={speed.interactions}>
        {(rows) => (
          <Slowest
            caption={speed.interactions}
            header={speed.interaction}
            rows={rows}
            of="inp"
            all={{ ...all, by: 'INP_TARGET' }}
          />
        )}
      </Section>
      <Section of={of.shifts} title={speed.shifts}>
        {(rows) => (
          <Slowest
            caption={speed.shifts}
            header={speed.shift}
            rows={rows}
            of="cls"
            all={{ ...all, by: 'CLS_TARGET' }}
          />
        )}
      </Section>
    </>
  )
}

function lcpChart(report: Report | null): TimeChartData {
  const series = report?.sections.series ?? null
  const points =
    report === null || series === null
      ? []
      : chartPoints(series, { to: Date.parse(report.to), now: Date.now() }, ({ speed: { lcp } }) => ({
          values: [lcp?.value ?? null],
          low: lcp?.low ?? null,
          high: lcp?.high ?? null,
        }))
  const label = metricLabels['speed.lcp'].shortLabel
  return { kind: 'line', lines: [{ key: 'lcp', label, colour: '--accent' }], points }
}
