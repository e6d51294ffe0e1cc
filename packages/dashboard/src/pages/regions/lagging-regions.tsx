import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { MissingSection } from '../../components/section.tsx'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import type { LaggingRegionsFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { countryName, format } from '../../report/page-format.ts'
import { SubdivisionTable } from './subdivision-table.tsx'
import { TooFewWeeks } from '../findings/too-few-weeks.tsx'

type SiteRegions = NonNullable<LaggingRegionsFragment['regions']>
type LaggingRegion = SiteRegions['regions'][number]

interface LaggingRegionsProps {
  /** Null before the first analysis. */
  readonly regions: SiteRegions | null
  /** Whether the server could not answer this part of the page's query. */
  readonly isMissing: boolean
  /** The country whose subdivisions are shown; null: all countries. */
  readonly country: string | null
}

/** The regions whose visits from search engines fell more than those of others: the last 4 weeks against the 24 before. */
export function LaggingRegions({ regions, isMissing, country }: LaggingRegionsProps) {
  if (isMissing) return <MissingSection title={messages.regions.lagging} />
  if (regions === null) return null
  if (regions.state === 'TOO_FEW_WEEKS') {
    return country === null ? <TooFewWeeks weeks={regions.weeks} /> : null
  }
  return (
    <>
      {country === null && <Lagging {...regions} />}
      <SubdivisionTable
        country={country}
        rows={regions.subdivisions.filter(
          ({ subdivision }) => country === null || subdivision.startsWith(`${country}-`),
        )}
      />
    </>
  )
}

function Lagging({ regions, season }: SiteRegions) {
  const { regions: texts } = messages
  if (regions.length === 0) return <p class="panel hint">{texts.noneLags}</p>
  return (
    <ReportTable caption={texts.lagging} columns={columns} rows={regions} rowKey={({ country }) => country}>
      <p class="hint table-note">
        {season === 'UNKNOWN' ? texts.noSeason : texts.season} {texts.chance}
      </p>
    </ReportTable>
  )
}

const { regions: headers } = messages

const columns: readonly Column<LaggingRegion>[] = [
  {
    header: messages.tables.country,
    sortBy: ({ country }) => countryName(country),
    cell: ({ country }) => countryName(country),
  },
  {
    header: headers.visits,
    sortBy: ({ recent }) => recent.weekly,
    cell: ({ recent }) => format.count(Math.round(recent.weekly)),
  },
  {
    header: headers.visitsBefore,
    sortBy: ({ earlier }) => earlier.weekly,
    cell: ({ earlier }) => format.count(Math.round(earlier.weekly)),
  },
  {
    header: headers.share,
    sortBy: ({ recent }) => recent.share,
    cell: ({ recent }) => format.ratio(recent.share),
  },
  {
    header: headers.shareBefore,
    sortBy: ({ earlier }) => earlier.share,
    cell: ({ earlier }) => format.ratio(earlier.share),
  },
  {
    header: headers.odds,
    sortBy: ({ test }) => test?.oddsRatio ?? null,
    cell: ({ test }) => (test === null ? <NotMeasured /> : test.oddsRatio.toFixed(2)),
  },
  {
    header: headers.reason,
    isProse: true,
    sortBy: ({ reasons }) => reasons[0]?.sentence ?? headers.noReason,
    cell: ({ reasons }) => reasons[0]?.sentence ?? headers.noReason,
  },
]
