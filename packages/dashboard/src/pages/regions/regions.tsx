import { NoViews } from '../../components/get-started.tsx'
import { MapSection } from '../../components/map/map-section.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { CountryTable } from '../../components/tables/country-table.tsx'
import {
  RegionsDocument,
  type RegionsQuery,
  SubdivisionsDocument,
  type SubdivisionsQuery,
} from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { countryName } from '../../report/page-format.ts'
import { type Filter, hasFilter, withFilter } from '../../report/report-filter.ts'
import { formatReportState } from '../../report/report-state.ts'
import { phraseOf } from '../../report/time-range.ts'
import { useSiteReport } from '../../report/use-report.ts'
import { hasFailed } from '../../session/query-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { LaggingRegions } from './lagging-regions.tsx'

/** The figures by country, and by the regions of one country if the report is filtered by it. */
export function Regions(props: SitePageProps) {
  const { country } = props.state.filter
  return country === undefined ? (
    <Countries {...props} />
  ) : (
    <Country key={country} {...props} country={country} />
  )
}

/** Returns the address of this page with another filter. */
function hrefOfFilter({ site, state }: SitePageProps, filter: Filter): string {
  return `${hrefOf(sitePath(site.siteId, 'regions'))}?${formatReportState({ ...state, filter })}`
}

type Answer = RegionsQuery | SubdivisionsQuery

/** What {@link LaggingRegions} is about. It does not depend on the range of the report. */
function laggingOf(data: Answer) {
  return { regions: data.site?.regions ?? null, isMissing: hasFailed(data, 'regions') }
}

/** Whether any region lags, which is worth telling although the report has no views. */
function hasLagging({ site }: Answer): boolean {
  return (site?.regions?.regions.length ?? 0) > 0
}

function Countries(props: SitePageProps) {
  const { site, state, onState } = props
  const report = useSiteReport(RegionsDocument, { site, state }, {})
  const { regions, map } = messages
  return (
    <ReportView
      report={report}
      timeZone={site.timeZone}
      state={state}
      onState={onState}
      announce={(data) => regions.countries(data.site?.report.sections.countries?.length ?? 0)}
    >
      {({ data, range }) => {
        if (data.site === null) return null
        const { countries, networks } = data.site.report.sections
        const lagging = <LaggingRegions {...laggingOf(data)} country={null} />
        if (countries?.length === 0) {
          return (
            <>
              {hasLagging(data) && lagging}
              <NoViews range={range} isFiltered={hasFilter(state.filter)} />
            </>
          )
        }
        return (
          <>
            {lagging}
            <Section of={countries} title={map.title}>
              {(rows) => (
                <>
                  <MapSection
                    rows={rows}
                    onPick={(country) =>
                      onState({ ...state, filter: withFilter(state.filter, 'country', country) })
                    }
                  />
                  <CountryTable
                    rows={rows}
                    of={{ site, range, filter: state.filter, by: 'COUNTRY', limit: 250 }}
                    cell={(country, name) => (
                      <a href={hrefOfFilter(props, withFilter(state.filter, 'country', country))}>{name}</a>
                    )}
                  />
                </>
              )}
            </Section>
            <Section of={networks} title={regions.networks(null)}>
              {(rows) => <Networks {...props} range={range} rows={rows} caption={regions.networks(null)} />}
            </Section>
          </>
        )
      }}
    </ReportView>
  )
}

interface NetworksProps extends SitePageProps {
  readonly caption: string
  readonly rows: Parameters<typeof BreakdownTable>[0]['rows']
}

function Networks({ caption, rows, ...props }: NetworksProps) {
  const { filter } = props.state
  return (
    <BreakdownTable
      caption={caption}
      header={messages.regions.network}
      rows={rows}
      of={{ site: props.site, range: props.range, filter, by: 'NETWORK', limit: 100 }}
      cell={(network, name) => (
        <a href={hrefOfFilter(props, withFilter(filter, 'network', network))}>{name}</a>
      )}
    />
  )
}

function Country({ country, ...props }: SitePageProps & { readonly country: string }) {
  const { site, state, onState } = props
  const report = useSiteReport(SubdivisionsDocument, { site, state }, {})
  const name = countryName(country)
  const { regions } = messages
  const everywhere = withFilter(withFilter(state.filter, 'country', null), 'subdivision', null)
  return (
    <>
      <p class="way-back">
        <a href={hrefOfFilter(props, everywhere)}>{regions.all}</a>
      </p>
      <ReportView
        report={report}
        timeZone={site.timeZone}
        state={state}
        onState={onState}
        announce={(data) => regions.regionsOf(data.site?.report.sections.subdivisions?.length ?? 0, name)}
      >
        {({ data, range }) => {
          if (data.site === null) return null
          const { subdivisions, networks } = data.site.report.sections
          const lagging = <LaggingRegions {...laggingOf(data)} country={country} />
          if (subdivisions?.length === 0) {
            return (
              <>
                {hasLagging(data) && lagging}
                <p class="panel">{regions.none(name, phraseOf(range))}</p>
              </>
            )
          }
          return (
            <>
              {lagging}
              <Section of={subdivisions} title={regions.of(name)}>
                {(rows) => (
                  <>
                    <BreakdownTable
                      caption={regions.of(name)}
                      header={regions.region}
                      rows={rows}
                      of={{ site, range, filter: state.filter, by: 'SUBDIVISION', limit: 250 }}
                      cell={(code) => (
                        <a href={hrefOfFilter(props, withFilter(state.filter, 'subdivision', code))}>
                          {code}
                        </a>
                      )}
                    />
                    {rows.every(({ key }) => key === null) && <p class="updated">{regions.countryOnly}</p>}
                  </>
                )}
              </Section>
              <Section of={networks} title={regions.networks(name)}>
                {(rows) => <Networks {...props} range={range} rows={rows} caption={regions.networks(name)} />}
              </Section>
            </>
          )
        }}
      </ReportView>
    </>
  )
}
